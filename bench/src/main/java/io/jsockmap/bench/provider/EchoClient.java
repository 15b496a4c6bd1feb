package io.jsockmap.bench.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What asks a server, by the platform's plain channels: always the same, whoever serves. */
final class EchoClient implements AutoCloseable {
    private final List<SocketChannel> connections = new ArrayList<>();

    EchoClient(SocketAddress server, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            var channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            this.connections.add(channel);
        }
    }

    /** Messages a second: each connection has one on its way. */
    double messages(int length, long millis) {
        var message = ByteBuffer.allocateDirect(length);
        return perSecond(
                millis,
                () -> {
                    for (var connection : connections) write(connection, message.clear());
                    for (var connection : connections) read(connection, message.clear());
                    return connections.size();
                });
    }

    /** Bytes a second, over the first connection. */
    double bytes(long millis) {
        int burst = 1 << 22;
        var connection = connections.getFirst();
        var out = ByteBuffer.allocateDirect(1 << 16);
        var in = ByteBuffer.allocateDirect(1 << 16);
        return perSecond(
                millis,
                () -> {
                    var sending =
                            Thread.ofPlatform()
                                    .start(
                                            () -> {
                                                for (int sent = 0; sent < burst; ) {
                                                    out.clear();
                                                    sent += out.remaining();
                                                    write(connection, out);
                                                }
                                            });
                    for (int back = 0; back < burst; back += in.capacity()) {
                        read(connection, in.clear());
                    }
                    join(sending);
                    return burst;
                });
    }

    private static double perSecond(long millis, LongSupplier part) {
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long done = 0;
        long now = start;
        for (; now < end; now = System.nanoTime()) done += part.getAsLong();
        return done * 1e9 / (now - start);
    }

    private static void write(SocketChannel connection, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) connection.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(SocketChannel connection, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                if (connection.read(bytes) < 0) throw new IOException("the server has hung up");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        for (var connection : connections) connection.close();
    }
}
