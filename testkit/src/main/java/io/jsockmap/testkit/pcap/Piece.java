package io.jsockmap.testkit.pcap;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes that one side of a conversation sent at once: what a TCP segment brought that was new, or a
 * datagram.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="read"}
 *
 * @param fromClient who sent them
 * @param bytes at least one, but for an empty datagram; not to be changed
 * @param time when they were captured
 * @param packet the packet that brought them, from 1 as Wireshark counts
 */
public record Piece(boolean fromClient, byte[] bytes, Instant time, long packet) {

    @Override
    public boolean equals(Object other) {
        return other instanceof Piece piece
                && fromClient == piece.fromClient
                && Arrays.equals(bytes, piece.bytes)
                && time.equals(piece.time)
                && packet == piece.packet;
    }

    @Override
    public int hashCode() {
        return Objects.hash(fromClient, Arrays.hashCode(bytes), time, packet);
    }

    @Override
    public String toString() {
        return "packet %d: %d bytes from the %s"
                .formatted(packet, bytes.length, fromClient ? "client" : "server");
    }
}
