package org.quorate.consensus;

import java.util.OptionalLong;

/**
 * Starts a timer anew, replacing the one that runs, or stops it.
 *
 * @param delayMillis after how long it runs out; empty to stop it
 */
public record TimerSetting(Timer timer, OptionalLong delayMillis) {}
