package io.jsockmap.sockmap.socket;

/**
 * What an application that reads a socket finds.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="read"}
 */
public sealed interface Ingress {

    /**
     * Bytes; none only for a datagram without bytes, or for a read that asked for none. Who sent a
     * datagram is not told.
     */
    record Bytes(Chunk chunk) implements Ingress {}

    /** Nothing yet: {@link Transport#readReady()} tells when to look again. */
    record Nothing() implements Ingress {}

    /** The end of stream, after the last byte. */
    record End() implements Ingress {}

    /** An error, reported once: its number, positive. */
    record Failed(int errno) implements Ingress {}
}
