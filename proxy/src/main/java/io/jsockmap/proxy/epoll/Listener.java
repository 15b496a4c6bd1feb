package io.jsockmap.proxy.epoll;

import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.proxy.carry.Carriers.Listening;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * Accepts connections on all loops: the one that is idle first takes the next, and gives it to
 * another that has much less to do.
 */
final class Listener implements Listening {
    private static final int INTEREST = Loop.IN | Loop.ONE_OF_MANY;
    private static final int STREAM = Loop.IN | Loop.OUT | Loop.RDHUP | Loop.CHANGES;

    /** Connections before others have their turn: few, so that other loops get some too. */
    private static final int MOST = 8;

    /** Streams, two of a connection mostly, that a loop may have more than another. */
    private static final int SLACK = 8;

    private final List<Loop> loops;
    private final UserEngine engine;
    private final int descriptor;
    private final SocketAddress address;
    private final Consumer<Carrier> accepted;
    private volatile boolean closed;

    Listener(
            List<Loop> loops,
            UserEngine engine,
            int descriptor,
            SocketAddress address,
            Consumer<Carrier> accepted) {
        this.loops = loops;
        this.engine = engine;
        this.descriptor = descriptor;
        this.address = address;
        this.accepted = accepted;
    }

    void start() {
        for (var loop : loops) loop.execute(() -> watch(loop));
    }

    private void watch(Loop loop) {
        if (closed) return;
        int _ = loop.add(descriptor, INTEREST, new OnLoop(loop));
    }

    private final class OnLoop implements Loop.Handler {
        private final Loop loop;

        OnLoop(Loop loop) {
            this.loop = loop;
        }

        @Override
        public void ready(int events) {
            for (int k = 0; k < MOST; k++) {
                int result = loop.libc.accept(descriptor);
                if (result >= 0) open(result);
                else if (isShortage(-result)) {
                    // It would be told of the same connection again and again.
                    loop.remove(descriptor);
                    loop.pause(() -> watch(loop));
                    return;
                } else if (result == -Libc.EAGAIN) return;
            }
        }

        private void open(int accepted) {
            Stream stream;
            try {
                stream = new Stream(leastLoaded(loop), engine, accepted, addressesOf(accepted));
            } catch (RuntimeException | Error e) {
                loop.close(accepted);
                throw e;
            }
            if (stream.loop().isHere()) begin(accepted, stream);
            else stream.execute(() -> begin(accepted, stream));
        }

        private void begin(int accepted, Stream stream) {
            try {
                if (stream.loop().add(accepted, STREAM, stream) < 0) stream.close();
                else Listener.this.accepted.accept(stream);
            } catch (RuntimeException | Error e) {
                stream.close();
                throw e;
            }
        }

        /** A client of UNIX sockets has no name that anybody needs. */
        private Addresses addressesOf(int accepted) {
            if (!(address instanceof InetSocketAddress inet)) {
                return EpollCarriers.addresses(address, UnixDomainSocketAddress.of(""));
            }
            var peer = loop.libc.peer();
            boolean any = inet.getAddress().isAnyLocalAddress();
            return EpollCarriers.addresses(any ? loop.libc.localAddress(accepted) : address, peer);
        }

        @Override
        public void stopped() {}
    }

    /** Another loop has to be woken, so it gets a connection only if it has much less to do. */
    private Loop leastLoaded(Loop here) {
        var least = here;
        for (var loop : loops) {
            if (loop.load() < least.load()) least = loop;
        }
        int more = here.load() - least.load();
        return more > Math.max(SLACK, here.load() / 8) ? least : here;
    }

    private static boolean isShortage(int error) {
        return switch (error) {
            case Libc.EMFILE, Libc.ENFILE, Libc.ENOBUFS, Libc.ENOMEM -> true;
            default -> false;
        };
    }

    @Override
    public SocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        if (closed) return;
        closed = true;
        var done = new CountDownLatch(loops.size());
        for (var loop : loops) {
            loop.execute(
                    () -> {
                        try {
                            loop.remove(descriptor);
                        } finally {
                            done.countDown();
                        }
                    });
        }
        try {
            done.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        try (var libc = new Libc()) {
            int _ = libc.close(descriptor);
        }
    }
}
