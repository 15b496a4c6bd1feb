package io.jsockmap.proxy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.kernel.engine.KernelSocket;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.setup.Insertion;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A proxy whose sockets are in maps of the kernel, whose programs redirect what they carry. What
 * they pass comes here, and is sent on to the other side.
 *
 * {@snippet class="io.jsockmap.proxy.examples.ProxyExamples" region="kernel"}
 */
public final class KernelProxy implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    /** Between two attempts to accept, when descriptors or memory are short. */
    private static final long PAUSE_NANOSECONDS = 100_000_000;

    private final ServerSocketChannel server;
    private final List<InetSocketAddress> upstreams;
    private final List<Insertion> insertions;
    private final Consumer<String> problems;
    private final Slots slots = new Slots();
    private final OpenSet<SocketChannel> open = new OpenSet<>();
    private final AtomicLong served = new AtomicLong();

    private KernelProxy(
            ServerSocketChannel server,
            List<InetSocketAddress> upstreams,
            List<Insertion> insertions,
            Consumer<String> problems) {
        this.server = server;
        this.upstreams = List.copyOf(upstreams);
        this.insertions = List.copyOf(insertions);
        this.problems = problems;
    }

    /**
     * Starts.
     *
     * @param insertions into maps of the kernel engine
     * @param problems is told what goes wrong with single connections
     * @throws IOException if it can't listen there
     */
    public static KernelProxy start(
            InetSocketAddress listen,
            List<InetSocketAddress> upstreams,
            List<Insertion> insertions,
            Consumer<String> problems)
            throws IOException {
        var server = ServerSocketChannel.open();
        try {
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true).bind(listen);
        } catch (IOException e) {
            server.close();
            throw new IOException("can't listen on %s: %s".formatted(listen, e.getMessage()), e);
        }
        var proxy = new KernelProxy(server, upstreams, insertions, problems);
        Thread.ofPlatform().daemon().name("accept").start(proxy::accept);
        return proxy;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) server.getLocalAddress();
        } catch (IOException e) {
            throw new IllegalStateException("the proxy is closed", e);
        }
    }

    /** How many connections it has accepted. */
    public long served() {
        return served.get();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                var client = server.accept();
                served.incrementAndGet();
                Thread.startVirtualThread(() -> serve(client));
            } catch (AsynchronousCloseException _) {
                return;
            } catch (IOException e) {
                problems.accept("not accepted: " + e.getMessage());
                LockSupport.parkNanos(PAUSE_NANOSECONDS);
            }
        }
    }

    private void serve(SocketChannel client) {
        Map<String, SocketChannel> channels = new LinkedHashMap<>();
        int slot = slots.take();
        open.add(client);
        channels.put(Relay.CLIENT, client);
        try {
            for (int i = 0; i < upstreams.size(); i++) {
                var upstream = SocketChannel.open(upstreams.get(i));
                open.add(upstream);
                channels.put(Relay.upstreamName(i), upstream);
            }
            insert(slot, channels);
            relay(client, channels);
        } catch (AsynchronousCloseException _) {
            // The other direction broke first, or the proxy ends.
        } catch (IOException | BpfException e) {
            problems.accept("connection %d: %s".formatted(slot, e.getMessage()));
        } finally {
            channels.values().forEach(this::close);
            slots.free(slot);
        }
    }

    private void insert(int slot, Map<String, SocketChannel> channels) throws IOException {
        Map<String, KernelSocket> sockets = new LinkedHashMap<>();
        for (var channel : channels.entrySet()) {
            sockets.put(channel.getKey(), KernelSocket.of(channel.getValue()));
        }
        var connection = new NamedSockets(slot, sockets, "");
        for (var insertion : insertions) insertion.insert(connection);
    }

    /** Both ways between the client and its first upstream, until both have ended. */
    private void relay(SocketChannel client, Map<String, SocketChannel> channels)
            throws IOException {
        var upstream = channels.get(Relay.upstreamName(0));
        if (upstream == null) {
            var buffer = ByteBuffer.allocate(BUFFER);
            while (client.read(buffer.clear()) >= 0) {
                // What a program passes without anybody to send it to has arrived.
            }
            return;
        }
        var back =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                carry(upstream, client);
                            } catch (IOException _) {
                                close(client);
                            }
                        });
        try {
            carry(client, upstream);
            back.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void carry(SocketChannel from, SocketChannel to) throws IOException {
        var buffer = ByteBuffer.allocateDirect(BUFFER);
        while (from.read(buffer.clear()) >= 0) {
            buffer.flip();
            while (buffer.hasRemaining()) to.write(buffer);
        }
        to.shutdownOutput();
    }

    private void close(SocketChannel channel) {
        open.remove(channel);
        try {
            channel.close();
        } catch (IOException e) {
            problems.accept("not closed: " + e.getMessage());
        }
    }

    /**
     * Stops to accept, and waits until the connections that are open have ended by themselves.
     *
     * @param most how long at the most; what is open then is for {@link #close} to end
     * @return how many sockets are open then
     */
    public int drain(Duration most) throws InterruptedException {
        stopAccepting();
        return open.awaitNone(most);
    }

    private void stopAccepting() {
        try {
            server.close();
        } catch (IOException e) {
            problems.accept("not closed: " + e.getMessage());
        }
    }

    /** Ends all connections. */
    @Override
    public void close() {
        stopAccepting();
        open.forEach(this::close);
    }
}
