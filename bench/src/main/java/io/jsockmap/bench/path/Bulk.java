package io.jsockmap.bench.path;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Streams of requests with bodies, as fast as they go. The origin counts. */
final class Bulk extends Client {
    private final int connections;
    private final ByteBuffer stream = Messages.stream();

    Bulk(InetSocketAddress address, int connections) throws IOException {
        super(address);
        this.connections = connections;
    }

    @Override
    void begin() throws IOException {
        for (int i = 0; i < connections; i++) {
            connect(SelectionKey.OP_WRITE, stream.duplicate());
        }
    }

    @Override
    void ready(SelectionKey key) throws IOException {
        var rest = (ByteBuffer) key.attachment();
        ((SocketChannel) key.channel()).write(rest);
        if (!rest.hasRemaining()) rest.rewind();
    }
}
