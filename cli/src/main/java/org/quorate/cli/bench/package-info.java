/**
 * The load generator: clients that each keep a number of transactions in flight, and count one as
 * executed when f+1 nodes report the same block with it. It runs beside the nodes it loads, so it
 * signs ahead of time, sends in batches and uses few threads. Uses {@code cli.client}, {@code
 * ledger} and {@code genesis}.
 */
@NullMarked
package org.quorate.cli.bench;

import org.jspecify.annotations.NullMarked;
