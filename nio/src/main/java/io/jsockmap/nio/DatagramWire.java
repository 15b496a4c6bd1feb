package io.jsockmap.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** A UDP socket: it has no end of stream, and errors of single datagrams do not break it. */
record DatagramWire(DatagramChannel channel) implements Wire {

    /** Not by read, which takes an empty datagram for the end of a stream. */
    @Override
    public boolean receive(ByteBuffer buffer, int room) throws IOException {
        channel.receive(buffer);
        return true;
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
        channel.close();
    }
}
