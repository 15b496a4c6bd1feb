package io.jsockmap.nio;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection over TCP, or a UNIX stream. */
record StreamWire(SocketChannel channel) implements Wire {
    @Override
    public boolean receive(ByteBuffer buffer, int room) throws IOException {
        buffer.limit(Math.min(room, buffer.capacity()));
        return channel.read(buffer) >= 0;
    }

    @Override
    public int send(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    @Override
    public void shutdownOutput() throws IOException {
        channel.shutdownOutput();
    }

    /** A UNIX stream knows no reset: its peer sees an end, or an error if bytes lie unread here. */
    @Override
    public void resetOnClose() throws IOException {
        boolean canLinger = channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER);
        if (canLinger) channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
