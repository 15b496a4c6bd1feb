package io.jsockmap.provider;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/**
 * A UDP socket: it has no end of stream, and errors of single datagrams do not break it. It
 * remembers who sent what, since the engine does not carry that.
 */
final class DatagramWire implements Wire {
    private final DatagramChannel channel;
    private final Senders senders = new Senders();

    /** Of the datagram that came last; used by who receives. */
    private SocketAddress sender;

    /** Whether another wire goes on with the channel. */
    private volatile boolean released;

    DatagramWire(DatagramChannel channel) {
        this.channel = channel;
    }

    @Override
    public void release() {
        released = true;
    }

    @Override
    public Optional<SocketAddress> senderOf(byte[] bytes) {
        return senders.of(bytes);
    }

    @Override
    public DatagramChannel channel() {
        return channel;
    }

    /** Not by read, which takes an empty datagram for nothing. */
    @Override
    public int receive(ByteBuffer buffer, int room) throws IOException {
        if (released) return NOTHING;
        sender = channel.receive(buffer);
        return sender == null ? NOTHING : buffer.position();
    }

    @Override
    public void received(byte[] bytes) {
        senders.add(bytes, sender);
    }

    @Override
    public int send(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    @Override
    public boolean survives(IOException error) {
        return !(error instanceof ClosedChannelException);
    }

    @Override
    public void close() throws IOException {
        if (!released) channel.close();
    }
}
