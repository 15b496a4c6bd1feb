package io.jsockmap.bench.path;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** Connections for one request each, which then are closed, or stay and are silent. */
final class Visits extends Client {
    private final int atOnce;
    private final int most;
    private final boolean staying;
    private final ByteBuffer request = Messages.request();
    private final ByteBuffer answer = ByteBuffer.allocateDirect(Messages.SMALL);
    private int begun;

    private Visits(InetSocketAddress address, int atOnce, int most, boolean staying)
            throws IOException {
        super(address);
        this.atOnce = atOnce;
        this.most = most;
        this.staying = staying;
    }

    /**
     * Connections that come and go.
     *
     * @param atOnce how many there are at any time
     */
    static Visits passing(InetSocketAddress address, int atOnce) throws IOException {
        return new Visits(address, atOnce, Integer.MAX_VALUE, false);
    }

    /**
     * Connections that stay.
     *
     * @param atOnce how many are opened at any time
     */
    static Visits staying(InetSocketAddress address, int atOnce, int number) throws IOException {
        return new Visits(address, atOnce, number, true);
    }

    @Override
    void begin() throws IOException {
        for (int i = 0; i < atOnce; i++) next();
    }

    private void next() throws IOException {
        if (begun == most) return;
        begun++;
        var exchange = new Exchange();
        exchange.begin();
        beginConnecting(exchange);
    }

    @Override
    void ready(SelectionKey key) throws IOException {
        var exchange = (Exchange) key.attachment();
        var channel = (SocketChannel) key.channel();
        if (key.isConnectable()) {
            channel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            exchange.askOnly(channel, request, begun);
        } else if (exchange.isAnswered(channel, answer)) {
            done(exchange.began());
            if (!staying) {
                key.cancel();
                channel.close();
            }
            next();
        }
    }
}
