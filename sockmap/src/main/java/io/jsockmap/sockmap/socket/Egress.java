package io.jsockmap.sockmap.socket;

/**
 * What a transport has to do next to write a socket's bytes.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TransportExamples" region="transport"}
 */
public sealed interface Egress {

    /** These bytes; then {@link Sock#written}, or {@link Sock#lost} if they can't be written. */
    record Bytes(Chunk chunk) implements Egress {}

    /** The end of stream: shut down the connection's output. Comes once, after the last byte. */
    record End() implements Egress {}

    /** Close the connection. Comes once, after everything else. */
    record Close() implements Egress {}

    /** Reset the connection. Comes once. */
    record Abort() implements Egress {}

    /** Nothing now. */
    record Nothing() implements Egress {}
}
