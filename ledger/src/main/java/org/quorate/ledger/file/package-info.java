/** Files and folders that outlive a crash of the process or the machine. Uses nothing else here. */
@NullMarked
package org.quorate.ledger.file;

import org.jspecify.annotations.NullMarked;
