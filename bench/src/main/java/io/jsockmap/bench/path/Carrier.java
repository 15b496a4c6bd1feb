package io.jsockmap.bench.path;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/** A peer that runs, in front of a port of the origin. */
final class Carrier implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration STOP = Duration.ofSeconds(3);
    private static final Duration QUIET = Duration.ofSeconds(5);

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Carrier::kill)));
    }

    private final Peer peer;
    private final Upstream upstream;
    private final InetSocketAddress address;
    private final Optional<Process> process;

    private Carrier(
            Peer peer, Upstream upstream, InetSocketAddress address, Optional<Process> process) {
        this.peer = peer;
        this.upstream = upstream;
        this.address = address;
        this.process = process;
    }

    /**
     * Starts it and sees that it carries bytes, unchanged and in both directions.
     *
     * @param folder where its configuration and its output go
     * @throws IOException if it does not start, or does not carry
     */
    static Carrier start(Peer peer, Origin origin, Path folder)
            throws IOException, InterruptedException {
        var upstream = origin.listen();
        var carrier =
                peer instanceof Direct
                        ? new Carrier(peer, upstream, upstream.address(), Optional.empty())
                        : launch(peer, upstream, folder);
        try {
            carrier.awaitAnswer();
            carrier.checkStream();
            carrier.awaitQuiet();
        } catch (IOException | InterruptedException | RuntimeException e) {
            carrier.close();
            throw e;
        }
        return carrier;
    }

    private static Carrier launch(Peer peer, Upstream upstream, Path folder) throws IOException {
        var address = Ports.free();
        Files.createDirectories(folder);
        var command = peer.command(address.getPort(), upstream.address().getPort(), folder);
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output.log").toFile())
                        .start();
        RUNNING.add(process);
        return new Carrier(peer, upstream, address, Optional.of(process));
    }

    private void awaitAnswer() throws IOException, InterruptedException {
        long end = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                checkAnswer();
                return;
            } catch (IOException e) {
                boolean ended = process.map(one -> !one.isAlive()).orElse(false);
                if (ended) throw new IOException("its process ended", e);
                if (System.nanoTime() > end) throw new IOException("it does not answer", e);
                Thread.sleep(20);
            }
        }
    }

    private void checkAnswer() throws IOException {
        var request = Messages.request();
        var expected = Messages.answer();
        Messages.number(request, 0x1234_5678);
        Messages.answer(request, expected);
        try (var socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(2_000);
            var bytes = new byte[Messages.SMALL];
            request.get(bytes);
            socket.getOutputStream().write(bytes);
            new DataInputStream(socket.getInputStream()).readFully(bytes);
            if (!expected.equals(ByteBuffer.wrap(bytes))) throw new IOException("a wrong answer");
        }
    }

    private void checkStream() throws IOException, InterruptedException {
        var sent = new CRC32C();
        var came = new CRC32C();
        var stream = Messages.stream();
        sent.update(stream.duplicate());
        long before = upstream.bytes().get();
        upstream.sumUp(came);
        try (var channel = SocketChannel.open(address)) {
            while (stream.hasRemaining()) channel.write(stream);
            long end = System.nanoTime() + QUIET.toNanos();
            while (upstream.bytes().get() - before < stream.capacity()) {
                if (System.nanoTime() > end) throw new IOException("a stream does not arrive");
                Thread.sleep(1);
            }
        }
        upstream.sumUp(null);
        if (sent.getValue() != came.getValue()) throw new IOException("a stream arrives changed");
    }

    /**
     * Waits until the last connection has reached its end at the origin.
     *
     * @throws IOException if that takes too long
     */
    void awaitQuiet() throws IOException, InterruptedException {
        long end = System.nanoTime() + QUIET.toNanos();
        while (upstream.connections().get() > 0) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "%d connections do not end".formatted(upstream.connections().get()));
            }
            Thread.sleep(2);
        }
    }

    Peer peer() {
        return peer;
    }

    /** Where clients connect to. */
    InetSocketAddress address() {
        return address;
    }

    Upstream upstream() {
        return upstream;
    }

    /** Its processes, if it has any. */
    Optional<ProcessTree> processes() {
        return process.map(one -> new ProcessTree(one.toHandle()));
    }

    @Override
    public void close() {
        process.ifPresent(
                one -> {
                    kill(one);
                    RUNNING.remove(one);
                });
    }

    private static void kill(Process process) {
        var children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
