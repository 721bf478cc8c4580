/**
 * A whole network on one machine: the folder that holds it, and its nodes as operating-system
 * processes. For trying, testing and measuring; it knows the nodes only by their files, ports and
 * exit codes.
 */
@NullMarked
package org.quorate.cli.network;

import org.jspecify.annotations.NullMarked;
