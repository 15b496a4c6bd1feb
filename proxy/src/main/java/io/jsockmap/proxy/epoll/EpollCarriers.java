package io.jsockmap.proxy.epoll;

import io.jsockmap.bpf.Errno;
import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.proxy.carry.Carriers;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Connections of Linux, on as many loops as there are CPUs; both sockets of a pair on one. */
public final class EpollCarriers implements Carriers {
    private static final int BACKLOG = 4096;
    private static final System.Logger LOG = System.getLogger("io.jsockmap.proxy.epoll");

    private final UserEngine engine;
    private final List<Loop> loops = new ArrayList<>();

    /**
     * Starts the loops.
     *
     * @param engine in which the sockets are
     * @param busyPoll how long a loop that has nothing to do looks again before it sleeps
     */
    public EpollCarriers(UserEngine engine, Duration busyPoll) {
        this.engine = engine;
        try {
            for (int k = 0; k < Runtime.getRuntime().availableProcessors(); k++) {
                loops.add(new Loop(k, new BusyPoll(busyPoll.toNanos()), EpollCarriers::tell));
                loops.getLast().start();
            }
        } catch (RuntimeException | Error e) {
            stop();
            throw e;
        }
    }

    /** Why there are none here: this is another system, or the JVM may not call it. */
    public static Optional<String> refusal() {
        return refusal(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    static Optional<String> refusal(String system, String architecture) {
        boolean known = List.of("amd64", "x86_64", "aarch64", "riscv64").contains(architecture);
        if (!known || !system.equals("Linux")) {
            return Optional.of("this is %s on %s".formatted(system, architecture));
        }
        var refusal = Libc.refusal();
        refusal.ifPresent(
                why -> LOG.log(System.Logger.Level.WARNING, "no epoll of our own: {0}", why));
        return refusal;
    }

    private static void tell(Throwable failure) {
        LOG.log(System.Logger.Level.ERROR, "a connection failed for a mistake of ours", failure);
    }

    static Errno errnoOf(int number) {
        return Arrays.stream(Errno.values())
                .filter(errno -> errno.number() == number)
                .findFirst()
                .orElse(Errno.EIO);
    }

    /** What a person reads of an errno. */
    static String textOf(int number) {
        return switch (number) {
            case Libc.EMFILE, Libc.ENFILE -> "too many open files";
            case Libc.EACCES -> "permission denied";
            case Libc.EADDRINUSE -> "address already in use";
            case Libc.EADDRNOTAVAIL -> "no such address here";
            case Libc.ENETUNREACH -> "network unreachable";
            default ->
                    errnoOf(number).number() == number
                            ? errnoOf(number).text()
                            : Errno.nameOf(number);
        };
    }

    @Override
    public String description() {
        return "epoll";
    }

    // --- Accepting -------------------------------------------------------------------------------

    @Override
    public Listening listen(SocketAddress address, Consumer<Carrier> accepted) throws IOException {
        check(address);
        try (var libc = new Libc()) {
            int descriptor = libc.socket(SocketAddresses.familyOf(address));
            if (descriptor < 0) throw failure(address, descriptor);
            int result = address instanceof InetSocketAddress ? prepare(libc, descriptor) : 0;
            if (result >= 0) result = libc.bind(descriptor, address);
            if (result >= 0) result = libc.listen(descriptor, BACKLOG);
            if (result < 0) {
                int _ = libc.close(descriptor);
                throw failure(address, result);
            }
            var bound = libc.localAddress(descriptor);
            var listener = new Listener(loops, engine, descriptor, bound, accepted);
            listener.start();
            return listener;
        }
    }

    private static int prepare(Libc libc, int descriptor) {
        // What is accepted inherits it.
        int result = libc.noDelay(descriptor);
        return result < 0 ? result : libc.reuseAddress(descriptor);
    }

    private static IOException failure(SocketAddress address, int error) {
        return new IOException("can't listen on %s: %s".formatted(address, textOf(-error)));
    }

    @Override
    public void check(SocketAddress address) throws IOException {
        if (address instanceof UnixDomainSocketAddress unix && !SocketAddresses.fits(unix)) {
            throw new IOException("%s is too long for a UNIX socket".formatted(unix));
        }
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            throw new IOException("no host %s is known".formatted(inet.getHostString()));
        }
    }

    // --- Connecting ------------------------------------------------------------------------------

    @Override
    public void connect(Carrier beside, SocketAddress address, Connecting result) {
        var loop = ((Stream) beside).loop();
        int descriptor = loop.libc.socket(SocketAddresses.familyOf(address));
        if (descriptor < 0) {
            result.failed(textOf(-descriptor));
            return;
        }
        var attempt = new Attempt(loop, engine, descriptor, address, result);
        attempt.start();
    }

    static Addresses addresses(SocketAddress local, SocketAddress remote) {
        boolean tcp = remote instanceof InetSocketAddress;
        return new Addresses(tcp ? SocketKind.TCP : SocketKind.UNIX_STREAM, local, remote);
    }

    // --- The end ---------------------------------------------------------------------------------

    @Override
    public void stop() {
        loops.forEach(Loop::stop);
        try {
            for (var loop : loops) loop.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
