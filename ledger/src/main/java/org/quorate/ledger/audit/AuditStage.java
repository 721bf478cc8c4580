package org.quorate.ledger.audit;

/** What an audit does, in this order. */
public enum AuditStage {
  /** The state of a snapshot is checked, to execute blocks after it; counted in chunks. */
  SNAPSHOT,
  /** Blocks are checked and executed again; counted in heights. */
  BLOCKS,
  /** The records of transactions are counted; measured in 65,536ths of the keys. */
  RECORDS,
  /** The stored state is compared with that of the execution, or hashed; as the records. */
  STATE,
  /** The pages of the state tree are compared with the state; as the records. */
  TREE
}
