package org.quorate.consensus.message;

/** What one replica sends to another. */
public sealed interface Message permits Signed, Transfer {}
