/**
 * Real node processes under real faults: killed, stopped, cut off and slowed down by a schedule
 * that one seed decides, while clients write down what was acknowledged to them. Afterwards what
 * they wrote down is compared with what lies on the nodes' disks. Runs outside the gate; see the
 * README of this module.
 */
package org.quorate.cli.chaos;
