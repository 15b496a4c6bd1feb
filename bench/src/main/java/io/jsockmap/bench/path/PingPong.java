package io.jsockmap.bench.path;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Small requests, on each connection the next as soon as the last is answered. */
final class PingPong extends Client {
    private final int connections;
    private final ByteBuffer request = Messages.request();
    private final ByteBuffer answer = ByteBuffer.allocateDirect(Messages.SMALL);
    private int number;

    PingPong(InetSocketAddress address, int connections) throws IOException {
        super(address);
        this.connections = connections;
    }

    @Override
    void begin() throws IOException {
        for (int i = 0; i < connections; i++) {
            var exchange = new Exchange();
            var key = connect(SelectionKey.OP_READ, exchange);
            exchange.ask((SocketChannel) key.channel(), request, number++);
        }
    }

    @Override
    void ready(SelectionKey key) throws IOException {
        var exchange = (Exchange) key.attachment();
        var channel = (SocketChannel) key.channel();
        if (!exchange.isAnswered(channel, answer)) return;
        done(exchange.began());
        exchange.ask(channel, request, number++);
    }
}
