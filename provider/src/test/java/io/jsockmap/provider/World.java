package io.jsockmap.provider;

import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.socket.Sock;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A provider, and connections on loopback of which one end is of it and the other a plain one. */
final class World implements Closeable {
    /** After so long a test hangs: a guard only, nothing is decided by it. */
    static final int HANG_SECONDS = 60;

    /** Whose sockets come under the engine, and what programs do with them. */
    enum Kind {
        /** None: all goes to the platform. */
        OUTSIDE,
        /** All, and no program runs. */
        UNDER_THE_ENGINE,
        /** All, and programs judge everything and let it pass. */
        JUDGED
    }

    final Policy policy;
    final SockmapSelectorProvider provider;
    private final ServerSocketChannel server;
    private final List<Closeable> opened = new ArrayList<>();

    World(Kind kind) throws IOException {
        policy = kind == Kind.JUDGED ? Policy.judging() : Policy.idle();
        var admission = kind == Kind.OUTSIDE ? Admission.NOBODY : policy;
        provider = SockmapSelectorProvider.over(SelectorProvider.provider(), admission);
        server = provider.openServerSocketChannel().bind(loopback());
        opened.add(server);
    }

    static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** A connection: our end accepted it. */
    record Pair(SocketChannel ours, SocketChannel plain) {
        Sock socket() {
            return ((StreamChannel) ours).conduit().socket();
        }
    }

    Pair accepted() throws IOException {
        var plain = keep(SocketChannel.open(server.getLocalAddress()));
        return new Pair(keep(server.accept()), plain);
    }

    /** A connection: our end asked for it. */
    Pair connected() throws IOException {
        try (var listening = ServerSocketChannel.open().bind(loopback())) {
            var ours = keep(provider.openSocketChannel());
            ours.connect(listening.getLocalAddress());
            return new Pair(ours, keep(listening.accept()));
        }
    }

    Selector selector() throws IOException {
        return keep(provider.openSelector());
    }

    synchronized <T extends Closeable> T keep(T resource) {
        opened.add(resource);
        return resource;
    }

    static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static void write(SocketChannel channel, String text) throws IOException {
        for (var bytes = buffer(text); bytes.hasRemaining(); ) channel.write(bytes);
    }

    /** Reads once, and gives what there was; null at the end of stream. */
    static String read(ReadableByteChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(64);
        return channel.read(bytes) < 0 ? null : text(bytes);
    }

    /** Reads so many bytes from a channel that blocks. */
    static String read(ReadableByteChannel channel, int count) throws IOException {
        var bytes = ByteBuffer.allocate(count);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        return text(bytes);
    }

    static String text(ByteBuffer written) {
        return StandardCharsets.ISO_8859_1.decode(written.flip()).toString();
    }

    static void await(BooleanSupplier condition) {
        long hangs = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > hangs) throw new AssertionError("it does not come");
            Thread.onSpinWait();
        }
    }

    /** Does something on a virtual thread. */
    static <T> CompletableFuture<T> start(Callable<T> task) {
        var result = new CompletableFuture<T>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        result.complete(task.call());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                });
        return result;
    }

    static <T> T result(CompletableFuture<T> started) throws Exception {
        return started.get(HANG_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        for (var resource : opened.reversed()) resource.close();
    }
}
