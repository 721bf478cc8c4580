package org.quorate.node;

import org.quorate.ledger.chain.ReplayWindow;

/**
 * The limits of everything that clients and peers can make a node hold or do, in one place. They
 * are the node's own: nodes of one chain may differ in them, unlike in {@link
 * org.quorate.ledger.chain.ChainParameters}. The README of this module lists them with their
 * reasons.
 */
public final class NodeLimits {
  /** Transactions in the mempool: four seconds of 5,000 per second. */
  public static final int MEMPOOL_TRANSACTIONS_MAX = 20_000;

  /** Bytes of transactions in the mempool, as encoded; on the heap they take about three times. */
  public static final long MEMPOOL_BYTES_MAX = 32L << 20;

  /**
   * Transactions of one client in the mempool. With consecutive nonces, all of them fit into the
   * client's replay window, so that none grows too old by the execution of another.
   */
  public static final int MEMPOOL_CLIENT_TRANSACTIONS_MAX = ReplayWindow.SIZE;

  /** Bytes of one client's transactions in the mempool: a quarter of all. */
  public static final long MEMPOOL_CLIENT_BYTES_MAX = MEMPOOL_BYTES_MAX / 4;

  /** Transactions that wait for the verification of their signatures: about a second of work. */
  public static final int ADMISSION_TRANSACTIONS_MAX = 8_192;

  /** Bytes of transactions that wait for the verification of their signatures. */
  public static final long ADMISSION_BYTES_MAX = 16L << 20;

  /** Hashes of verified transactions that are remembered; two full mempools and more. */
  public static final int VERIFIED_HASHES_MAX = 65_536;

  /** Transactions in one submission, by HTTP. */
  public static final int SUBMISSION_TRANSACTIONS_MAX = 500;

  /** Bytes of a request's body: one transaction of the largest size in hex, and some room. */
  public static final int HTTP_BODY_BYTES_MAX = 3 << 20;

  /** Bytes of a request line: a key of 256 bytes, percent-encoded, and some room. */
  public static final int HTTP_REQUEST_LINE_BYTES_MAX = 4_096;

  /** Bytes of the values of one proof of the state. */
  public static final int HTTP_PROOF_VALUE_BYTES_MAX = 1 << 20;

  /** Bytes of all headers of a request. */
  public static final int HTTP_HEADER_BYTES_MAX = 8_192;

  /** HTTP connections at a time; one more is answered 503 and closed. */
  public static final int HTTP_CONNECTIONS_MAX = 1_024;

  /** Bytes of request bodies in memory over all connections. */
  public static final long HTTP_BODIES_BYTES_MAX = 64L << 20;

  /** Bytes of large answers that clients have not read yet, over all connections. */
  public static final long HTTP_ANSWERS_BYTES_MAX = 64L << 20;

  /** An answer of at most so many bytes is always given. */
  public static final int HTTP_SMALL_ANSWER_BYTES_MAX = 64 << 10;

  /** How long a connection may stay without beginning a request. */
  public static final int HTTP_IDLE_MILLIS_MAX = 120_000;

  /** How long a request may take to arrive, from its first byte to its last. */
  public static final int HTTP_REQUEST_MILLIS_MAX = 10_000;

  /** How long a client may leave an answer unread. */
  public static final int HTTP_WRITE_MILLIS_MAX = 30_000;

  /** Threads that read and write HTTP connections. */
  public static final int HTTP_THREADS = 2;

  /** Threads that read the ledger for HTTP requests. */
  public static final int HTTP_READ_THREADS = 2;

  /** Reads of the ledger that wait for a thread; one more is answered 503. */
  public static final int HTTP_READS_WAITING_MAX = 1_024;

  /** Requests that wait for an execution or a checkpoint certificate. */
  public static final int HTTP_WAITERS_MAX = 4_096;

  /** The longest that a request may ask to wait. */
  public static final int HTTP_WAIT_MILLIS_MAX = 60_000;

  /** How long a request waits that does not say it. */
  public static final int HTTP_WAIT_MILLIS_DEFAULT = 10_000;

  /** Block headers in one answer: a read of 512 small values, and 130 KiB of hex. */
  public static final int BLOCK_HEADERS_MAX = 512;

  /** Entries of evidence in one answer. */
  public static final int EVIDENCE_PAGE_MAX = 100;

  /** Open streams of block events. */
  public static final int EVENT_STREAMS_MAX = 64;

  /** Bytes that a stream's client may leave unread before it is cut off. */
  public static final int EVENT_STREAM_UNREAD_BYTES_MAX = 4 << 20;

  /** A stream without events sends a comment this often, so that both ends see a lost link. */
  public static final int EVENT_STREAM_HEARTBEAT_MILLIS = 15_000;

  /** Subscriptions to the feed of executed blocks, inside the node. */
  public static final int BLOCK_SUBSCRIPTIONS_MAX = 64;

  private NodeLimits() {}
}
