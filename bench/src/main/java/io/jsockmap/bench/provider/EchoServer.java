package io.jsockmap.bench.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/** A server as one writes them with a selector: one thread that sends back what comes. */
final class EchoServer implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Selector selector;
    private final ServerSocketChannel listening;
    private final Thread thread;

    EchoServer(SelectorProvider provider) throws IOException {
        selector = provider.openSelector();
        listening = provider.openServerSocketChannel();
        listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listening.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
        thread = Thread.ofPlatform().daemon().start(this::serve);
    }

    SocketAddress address() throws IOException {
        return listening.getLocalAddress();
    }

    /** Nanoseconds that its thread has worked. */
    long worked() {
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(thread.threadId());
    }

    private void serve() {
        try {
            while (listening.isOpen()) {
                selector.select();
                for (var key : selector.selectedKeys()) serve(key);
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A connection, and what its peer has no room for. */
    private record Connection(SocketChannel channel, ByteBuffer bytes) {}

    private void serve(SelectionKey key) throws IOException {
        if (!key.isValid()) return;
        if (key.isAcceptable()) accept();
        else echo(key, (Connection) key.attachment());
    }

    private void accept() throws IOException {
        var channel = listening.accept();
        if (channel == null) return;
        channel.configureBlocking(false);
        var connection = new Connection(channel, ByteBuffer.allocateDirect(BUFFER));
        channel.register(selector, SelectionKey.OP_READ, connection);
    }

    private static void echo(SelectionKey key, Connection connection) throws IOException {
        var bytes = connection.bytes();
        if (key.isReadable()) {
            if (connection.channel().read(bytes.clear()) < 0) {
                connection.channel().close();
                return;
            }
            bytes.flip();
        }
        connection.channel().write(bytes);
        key.interestOps(bytes.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        selector.wakeup();
        join();
        for (var key : selector.keys()) key.channel().close();
        selector.close();
    }

    private void join() {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a benchmark", e);
        }
    }
}
