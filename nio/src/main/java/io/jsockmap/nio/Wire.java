package io.jsockmap.nio;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The platform's channel that carries a socket's bytes. Calls block, and end with a {@link
 * java.nio.channels.ClosedChannelException} when another thread closes it.
 */
interface Wire {

    /**
     * Receives bytes of a stream, or one datagram.
     *
     * @param buffer empty, with room for the longest datagram
     * @param room how many bytes of a stream at the most; a datagram comes whole
     * @return false at the end of stream
     */
    boolean receive(ByteBuffer buffer, int room) throws IOException;

    /** Sends a datagram, or some bytes of a stream, and gives how many. */
    int send(ByteBuffer bytes) throws IOException;

    /** Whether it works on after that error. */
    default boolean survives(IOException error) {
        return false;
    }

    default void shutdownOutput() throws IOException {}

    /** Lets a close tell the peer that bytes are missing, where the platform can. */
    default void resetOnClose() throws IOException {}

    void close() throws IOException;
}
