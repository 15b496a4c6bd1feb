package io.jsockmap.provider;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.util.Optional;

/** The platform's end of a socket: a channel that does not block. */
interface Wire {
    /** What {@link #receive} gives at the end of stream. */
    int END = -1;

    /** What {@link #receive} gives if there is nothing now. */
    int NOTHING = -2;

    SelectableChannel channel();

    /**
     * Receives once: a piece of a stream, not longer than the room, or a datagram.
     *
     * @return how many bytes, {@link #END} or {@link #NOTHING}
     */
    int receive(ByteBuffer buffer, int room) throws IOException;

    /** The bytes that {@link #receive} gave last are in this array from now on. */
    default void received(byte[] bytes) {}

    /** Who sent the datagram that is in this array; empty if another socket redirected it here. */
    default Optional<SocketAddress> senderOf(byte[] bytes) {
        return Optional.empty();
    }

    /** Sends as many bytes as there is room for; of a datagram all or none. */
    int send(ByteBuffer bytes) throws IOException;

    /** Sends some buffers of a stream, one behind the other, as far as there is room. */
    default int send(ByteBuffer[] parts) throws IOException {
        throw new IllegalStateException("a datagram is in one buffer");
    }

    /** Whether the socket goes on after this error. */
    default boolean survives(IOException error) {
        return false;
    }

    default void shutdownOutput() throws IOException {}

    /** Has the peer see a reset when the channel is closed. */
    default void resetOnClose() throws IOException {}

    /** Leaves the channel to another wire: a close of this one is none of the channel. */
    default void release() {}

    void close() throws IOException;
}
