/**
 * The command line: one class for each command, data on standard output, diagnostics on standard
 * error. Nothing may depend on it.
 */
@NullMarked
package org.quorate.cli;

import org.jspecify.annotations.NullMarked;
