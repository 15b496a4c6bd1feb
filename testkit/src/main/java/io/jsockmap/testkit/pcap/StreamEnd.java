package io.jsockmap.testkit.pcap;

import java.time.Instant;

/**
 * One side's end of a TCP connection, behind its last byte.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="read"}
 *
 * @param fromClient whose end
 * @param reset whether it reset the connection, which ends both directions
 * @param afterPieces how many pieces of the conversation, of both sides, came before
 * @param time when it was captured
 * @param packet the packet with FIN or RST, from 1
 */
public record StreamEnd(
        boolean fromClient, boolean reset, int afterPieces, Instant time, long packet) {}
