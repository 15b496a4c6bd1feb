package io.jsockmap.bench.path;

import org.HdrHistogram.Histogram;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Connections to one address that are kept busy by one thread. */
abstract class Client implements AutoCloseable {
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(60);

    private final InetSocketAddress address;
    private final Selector selector;
    private final AtomicLong done = new AtomicLong();
    private final Histogram histogram = new Histogram(LONGEST, 3);
    private final Thread thread = Thread.ofPlatform().daemon().name("client").unstarted(this::run);
    private volatile boolean recording;
    private volatile boolean closed;
    private volatile Throwable failure;

    Client(InetSocketAddress address) throws IOException {
        this.address = address;
        selector = Selector.open();
    }

    /** Opens what is open from the beginning. */
    abstract void begin() throws IOException;

    /** Does what a connection is ready for. */
    abstract void ready(SelectionKey key) throws IOException;

    final void start() {
        thread.start();
    }

    private void run() {
        try {
            begin();
            while (!closed) selector.select(this::readyUnchecked);
        } catch (UncheckedIOException e) {
            failure = e.getCause();
        } catch (IOException | RuntimeException e) {
            failure = e;
        }
    }

    private void readyUnchecked(SelectionKey key) {
        try {
            ready(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects, waits for that, and registers. */
    final SelectionKey connect(int interest, Object attachment) throws IOException {
        var channel = SocketChannel.open(address);
        prepare(channel);
        return channel.register(selector, interest, attachment);
    }

    /** Begins to connect. */
    final void beginConnecting(Object attachment) throws IOException {
        var channel = SocketChannel.open();
        prepare(channel);
        if (channel.connect(address)) {
            throw new IOException("connected at once, which loopback never does");
        }
        channel.register(selector, SelectionKey.OP_CONNECT, attachment);
    }

    private static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /** One more is done, which began then. */
    final void done(long began) {
        done.lazySet(done.getPlain() + 1);
        if (recording) histogram.recordValue(Math.min(LONGEST, System.nanoTime() - began));
    }

    /** Those that are done so far. */
    final long done() {
        return done.get();
    }

    /** Whether times go into the histogram from now on. */
    final void record(boolean on) {
        recording = on;
    }

    /** The times, in nanoseconds; only once this is closed. */
    final Histogram histogram() {
        return histogram;
    }

    /**
     * Tells what went wrong.
     *
     * @throws IOException if something did
     */
    final void check() throws IOException {
        if (failure != null) throw new IOException("" + failure.getMessage(), failure);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        for (var key : selector.keys()) key.channel().close();
        selector.close();
    }
}
