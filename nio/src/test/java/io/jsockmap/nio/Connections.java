package io.jsockmap.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.socket.ErrnoException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** An engine, and connections of it on loopback whose other ends are plain sockets. */
final class Connections implements AutoCloseable {
    /** After so long a test hangs: a guard only, nothing is decided by it. */
    private static final int HANG_SECONDS = 120;

    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    final UserEngine engine = Engines.open();
    private final ServerSocketChannel server;
    private final List<Peer> peers = new ArrayList<>();

    /** A channel of the engine, and the plain socket that it is connected to. */
    record Peer(SockmapChannel channel, Socket socket) {
        void write(String text) throws IOException {
            socket.getOutputStream().write(bytes(text));
        }

        String read(int length) throws IOException {
            return text(socket.getInputStream().readNBytes(length));
        }

        String readToEnd() throws IOException {
            return text(socket.getInputStream().readAllBytes());
        }
    }

    Connections() throws IOException {
        server =
                ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** A connection that the engine's side accepts. */
    Peer accepted() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.socket().getLocalPort());
        socket.setSoTimeout(HANG_SECONDS * 1000);
        return add(new Peer(SockmapChannel.accepted(engine, server.accept()), socket));
    }

    private synchronized Peer add(Peer peer) {
        peers.add(peer);
        return peer;
    }

    /** One of the programs that the sockmap module has for its tests. */
    UserObject program(String name) {
        return engine.load(
                ROOT.resolve("sockmap/src/test/resources/programs/%s.bpf.o".formatted(name)));
    }

    /** One of them, with another value in one of its variables. */
    UserObject program(String name, String variable, long value) {
        var file = ROOT.resolve("sockmap/src/test/resources/programs/%s.bpf.o".formatted(name));
        var options = LoadOptions.DEFAULT.withVariable(variable, value);
        return engine.load(ObjectReader.read(file), options);
    }

    UserObject example(String name) {
        return engine.load(ROOT.resolve("examples/%s/%1$s.bpf.o".formatted(name)));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static ByteBuffer buffer(String text) {
        return ByteBuffer.wrap(bytes(text));
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Reads once, and gives what there was; null at the end of stream. */
    static String read(ReadableByteChannel channel) throws IOException {
        var buffer = ByteBuffer.allocate(64);
        if (channel.read(buffer) < 0) return null;
        return text(Arrays.copyOf(buffer.array(), buffer.position()));
    }

    /** Waits until so many bytes can be read at the channel. */
    static void awaitAvailable(SockmapChannel channel, long bytes) {
        await(() -> channel.available() >= bytes);
    }

    static void await(BooleanSupplier condition) {
        long hangs = System.nanoTime() + TimeUnit.SECONDS.toNanos(HANG_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > hangs) throw new AssertionError("it does not come");
            Thread.onSpinWait();
        }
    }

    static void assertFails(ThrowingCallable call, Errno expected) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ErrnoException.class,
                        e -> assertThat(e.number()).isEqualTo(expected.number()));
    }

    /** Does something on a virtual thread. */
    static <T> CompletableFuture<T> start(Callable<T> task) {
        var result = new CompletableFuture<T>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        result.complete(task.call());
                    } catch (Exception | AssertionError e) {
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
        for (var peer : peers) {
            peer.socket.close();
            peer.channel.abort();
        }
        server.close();
        engine.close();
    }
}
