/**
 * What replicas say to each other. Six kinds are signed, because a third party must be able to
 * check them: they stand in certificates, in NEW-VIEWs and in evidence. The others only move such
 * things about or tell where a replica stands; the link they come over tells whose they are. May
 * not depend on the rest of {@code consensus}.
 */
@NullMarked
package org.quorate.consensus.message;

import org.jspecify.annotations.NullMarked;
