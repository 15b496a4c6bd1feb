package io.jsockmap.sockmap.socket;

/** What an application that reads a socket finds. */
public sealed interface Ingress {

    /** Bytes, never none. */
    record Bytes(Chunk chunk) implements Ingress {}

    /** Nothing yet: {@link Transport#readReady()} tells when to look again. */
    record Nothing() implements Ingress {}

    /** The end of stream, after the last byte. */
    record End() implements Ingress {}

    /** An error, reported once: its number, positive. */
    record Failed(int errno) implements Ingress {}
}
