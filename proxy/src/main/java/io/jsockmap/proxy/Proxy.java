package io.jsockmap.proxy;

import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.proxy.carry.Carriers;
import io.jsockmap.proxy.carry.Carriers.Connecting;
import io.jsockmap.proxy.carry.Carriers.Listening;
import io.jsockmap.proxy.epoll.EpollCarriers;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.setup.Insertion;
import io.jsockmap.sockmap.socket.Account;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A proxy of TCP connections and UNIX streams: it accepts, connects to its upstreams, puts the
 * sockets into maps, and lets the programs decide. Bytes that a program passes go the way that a
 * proxy's bytes go.
 *
 * {@snippet class="io.jsockmap.proxy.examples.ProxyExamples" region="proxy"}
 */
public final class Proxy implements AutoCloseable {
    /** How long a thread that has nothing to do looks again before it sleeps, if nobody says. */
    public static final Duration BUSY_POLL = Duration.ofNanos(50_000);

    private final SocketAddress listen;
    private final List<? extends SocketAddress> upstreams;
    private final List<Insertion> insertions;
    private final ProxyListener listener;
    private final Carriers carriers;
    private final Slots slots = new Slots();
    private final OpenSet<Relay> relays = new OpenSet<>();
    private final Listening listening;
    private volatile boolean open = true;

    private Proxy(
            UserEngine engine,
            SocketAddress listen,
            List<? extends SocketAddress> upstreams,
            List<Insertion> insertions,
            ProxyListener listener,
            Function<UserEngine, Carriers> means)
            throws IOException {
        this.listen = listen;
        this.upstreams = List.copyOf(upstreams);
        this.insertions = List.copyOf(insertions);
        this.listener = listener;
        var example = StandIns.connection(upstreams.size());
        insertions.forEach(insertion -> insertion.check(example));
        carriers = means.apply(engine);
        try {
            for (var upstream : upstreams) carriers.check(upstream);
            checkSocketFile();
            listening = carriers.listen(listen, this::accept);
        } catch (IOException | RuntimeException e) {
            carriers.stop();
            throw e;
        }
    }

    /**
     * Starts to accept.
     *
     * @param engine whose programs judge; stays the caller's
     * @param listen where: a port, 0 for any that is free, or a UNIX socket, whose file must not be
     *     there yet and is deleted at the end
     * @param upstreams to where each connection is connected, ports and UNIX sockets; none for a
     *     proxy that only answers
     * @param insertions which sockets go into which maps
     * @throws IOException if it can't listen there, or for UNIX sockets without epoll
     * @throws io.jsockmap.bpf.BpfException if an insertion names a socket that there is not, or a
     *     key that can not be computed
     */
    public static Proxy start(
            UserEngine engine,
            SocketAddress listen,
            List<? extends SocketAddress> upstreams,
            List<Insertion> insertions,
            ProxyListener listener)
            throws IOException {
        return start(engine, listen, upstreams, insertions, listener, BUSY_POLL);
    }

    /**
     * The same with another time for which a thread that has nothing to do looks again before it
     * sleeps. To be woken takes longer than many a wait, so some CPU time buys a faster answer;
     * where looking does not pay it is rarely done.
     *
     * @param busyPoll not negative; zero for never. Without epoll of our own it counts for nothing
     */
    public static Proxy start(
            UserEngine engine,
            SocketAddress listen,
            List<? extends SocketAddress> upstreams,
            List<Insertion> insertions,
            ProxyListener listener,
            Duration busyPoll)
            throws IOException {
        return start(
                engine, listen, upstreams, insertions, listener, with -> carriers(with, busyPoll));
    }

    /** The same by means that the caller chooses. */
    static Proxy start(
            UserEngine engine,
            SocketAddress listen,
            List<? extends SocketAddress> upstreams,
            List<Insertion> insertions,
            ProxyListener listener,
            Function<UserEngine, Carriers> means)
            throws IOException {
        return new Proxy(engine, listen, upstreams, insertions, listener, means);
    }

    /** The best means that the platform has. */
    static Carriers carriers(UserEngine engine) {
        return carriers(engine, BUSY_POLL);
    }

    private static Carriers carriers(UserEngine engine, Duration busyPoll) {
        return EpollCarriers.refusal().isEmpty()
                ? new EpollCarriers(engine, busyPoll)
                : new NettyCarriers(EventLoops.start(), engine);
    }

    /** Netty would take the path away from whoever listens there. */
    private void checkSocketFile() throws IOException {
        if (!(listen instanceof UnixDomainSocketAddress unix)) return;
        if (!Files.exists(unix.getPath(), LinkOption.NOFOLLOW_LINKS)) return;
        throw new IOException(
                "can't listen on %s: there is such a file; delete it if nobody listens there"
                        .formatted(listen));
    }

    /**
     * The port where it listens.
     *
     * @throws IllegalStateException if it listens on a UNIX socket
     */
    public InetSocketAddress address() {
        if (listening.address() instanceof InetSocketAddress address) return address;
        throw new IllegalStateException("the proxy listens on a UNIX socket: " + listen);
    }

    /** Where it listens: a port, or a path. */
    SocketAddress listenAddress() {
        return EventLoops.isUnix(listen) ? listen : address();
    }

    /** Whether it accepts connections: from its start until somebody closes it. */
    public boolean isOpen() {
        return open;
    }

    /** How bytes are carried, in words. */
    public String transport() {
        return carriers.description();
    }

    /** Why Netty carries the bytes on this machine, without splice(2); empty if it does not. */
    public static Optional<String> withoutEpoll() {
        return EpollCarriers.refusal();
    }

    private void accept(Carrier client) {
        // Fails for a client that is gone already, which then has taken no slot.
        var socket = client.accept();
        var relay = new Relay(this::ended, slots.take());
        relay.add(Relay.CLIENT, socket, client);
        relays.add(relay);
        connect(relay, client, 0);
    }

    /** Connects one upstream after the other, on the client's thread, and then starts. */
    private void connect(Relay relay, Carrier client, int index) {
        if (index == upstreams.size()) {
            relay.start(insertions);
            return;
        }
        carriers.connect(
                client,
                upstreams.get(index),
                new Connecting() {
                    @Override
                    public void connected(Carrier upstream) {
                        Proxy.this.connected(relay, client, index, upstream);
                    }

                    @Override
                    public void failed(String why) {
                        var reason = "upstream %s: %s".formatted(upstreams.get(index), why);
                        listener.refused(reason);
                        relay.abort(reason);
                    }
                });
    }

    private void connected(Relay relay, Carrier client, int index, Carrier upstream) {
        if (relay.isClosing() || !client.isOpen()) {
            upstream.close();
            return;
        }
        try {
            relay.add(Relay.upstreamName(index), upstream.connect(), upstream);
            connect(relay, client, index + 1);
        } catch (RuntimeException e) {
            // An upstream that is gone already has no addresses.
            upstream.close();
            relay.abort("upstream %s: %s".formatted(upstreams.get(index), e));
        }
    }

    private void ended(Relay relay, String problem, Map<String, Account> accounts) {
        relays.remove(relay);
        slots.free(relay.slot());
        listener.ended(new ConnectionReport(relay.slot(), problem, accounts));
    }

    /** The connections there are now. */
    public List<ConnectionReport> connections() {
        return relays.stream()
                .map(relay -> new ConnectionReport(relay.slot(), "", relay.currentAccounts()))
                .toList();
    }

    /**
     * Stops to accept, and waits until the connections that are open have ended by themselves.
     *
     * @param most how long at the most; what is open then is for {@link #close} to reset
     * @return how many are open then
     */
    public int drain(Duration most) throws InterruptedException {
        stopAccepting();
        return relays.awaitNone(most);
    }

    private void stopAccepting() {
        open = false;
        listening.close();
    }

    /** Stops to accept, resets the connections that are open, and waits until all has ended. */
    @Override
    public void close() {
        stopAccepting();
        relays.forEach(relay -> relay.abortSoon("the proxy stops"));
        carriers.stop();
        deleteSocketFile();
    }

    private void deleteSocketFile() {
        if (!(listen instanceof UnixDomainSocketAddress unix)) return;
        try {
            Files.deleteIfExists(unix.getPath());
        } catch (IOException e) {
            listener.refused("socket file %s: %s".formatted(listen, e.getMessage()));
        }
    }
}
