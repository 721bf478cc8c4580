/**
 * What a replica may never forget, on disk before it is said to anyone: an append-only file of
 * opaque records. Depends on the JDK alone; it neither knows what a record means nor when the file
 * should be rewritten.
 */
@NullMarked
package org.quorate.node.journal;

import org.jspecify.annotations.NullMarked;
