package io.jsockmap.bench.path;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** The server behind all peers: answers small requests and counts the bytes of streams. */
final class Origin implements AutoCloseable {
    static final int BACKLOG = 4096;
    private static final int BUFFER = 256 * 1024;

    private final Selector selector;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer answer = Messages.answer();
    private volatile boolean closed;

    Origin() throws IOException {
        selector = Selector.open();
        Thread.ofPlatform().daemon().name("origin").start(this::run);
    }

    /** Listens on one more port. */
    Upstream listen() throws IOException {
        var address = Ports.free();
        var upstream = new Upstream(address);
        var server = ServerSocketChannel.open();
        server.bind(address, BACKLOG).configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT, upstream);
        selector.wakeup();
        return upstream;
    }

    private void run() {
        try {
            while (!closed) selector.select(this::ready);
            for (var key : selector.keys()) key.channel().close();
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof Upstream upstream) {
                accept((ServerSocketChannel) key.channel(), upstream);
            } else if (key.attachment() instanceof Session session) {
                serve(session, key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocketChannel server, Upstream upstream) throws IOException {
        for (var channel = server.accept(); channel != null; channel = server.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Session(channel, upstream));
            upstream.connections().incrementAndGet();
        }
    }

    private void serve(Session session, SelectionKey key) throws IOException {
        try {
            session.serve();
        } catch (IOException _) {
            // Its end, or a reset: whether that is wrong is known on the other side.
            end(session, key);
        }
    }

    private static void end(Session session, SelectionKey key) throws IOException {
        key.cancel();
        session.channel.close();
        session.upstream.connections().decrementAndGet();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }

    /** A connection; its first bytes tell what it is for. */
    private final class Session {
        private final SocketChannel channel;
        private final Upstream upstream;
        private final Gathering gathering = new Gathering();
        private boolean isStream;

        Session(SocketChannel channel, Upstream upstream) {
            this.channel = channel;
            this.upstream = upstream;
        }

        void serve() throws IOException {
            if (isStream) {
                buffer.clear();
                if (channel.read(buffer) < 0) throw new EOFException("the stream ended");
                count(buffer.flip());
            } else if (gathering.read(channel, buffer)) {
                if (Messages.isSmall(buffer)) {
                    answer();
                } else {
                    isStream = true;
                    count(buffer);
                }
            }
        }

        private void answer() throws IOException {
            Messages.answer(buffer, answer);
            if (channel.write(answer.rewind()) != Messages.SMALL) {
                throw new IOException("no room for an answer");
            }
        }

        private void count(ByteBuffer bytes) {
            var sum = upstream.checksum();
            if (sum != null) sum.update(bytes.duplicate());
            upstream.bytes().getAndAdd(bytes.remaining());
        }
    }
}
