package org.quorate.cli.chaos;

import org.quorate.ledger.chain.Receipt;

/**
 * What a client holds a checked proof of: where its transaction stands, and what became of it.
 *
 * @param atNanos when the proof had been checked, on the clock of the run
 * @param index its place in the block, from 0
 */
record Acknowledgement(long atNanos, long height, int index, Receipt.Outcome outcome) {}
