package org.quorate.ledger.audit;

/** What an audit does, in this order. */
public enum AuditStage {
  /** Blocks are checked and executed again; counted in heights. */
  BLOCKS,
  /** The records of transactions are counted; measured in 65,536ths of the keys. */
  RECORDS,
  /** The stored state is compared with that of the execution; as the records. */
  STATE,
  /** The pages of the state tree are compared with the state; as the records. */
  TREE
}
