package io.jsockmap.testkit.pcap;

import java.time.Instant;
import java.util.List;

/**
 * A packet as a file has it.
 *
 * @param number from 1
 * @param time when it was captured
 * @param link what its bytes begin with: a number of the registry of link types
 * @param bytes what was captured of it
 * @param length how long it was, at least as many bytes as were captured
 * @param comments what somebody wrote about it
 */
record Packet(long number, Instant time, int link, View bytes, long length, List<String> comments) {
    /** Bytes of a packet: no capture of a network has longer ones. */
    static final int LONGEST = 1 << 20;

    /** What is kept of it for long: its bytes lie in a block that may be much larger. */
    Packet withoutBytes() {
        return new Packet(number, time, link, View.of(new byte[0]), length, List.of());
    }

    /** Whether only its beginning was captured. */
    boolean isCut() {
        return length > bytes.length();
    }
}
