package io.jsockmap.proxy;

import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.socket.Account;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * A proxy of TCP connections and UNIX streams: it accepts, connects to its upstreams, puts the
 * sockets into maps, and lets the programs decide. Bytes that a program passes go the way that a
 * proxy's bytes go.
 */
public final class Proxy implements AutoCloseable {
    private final SockmapEngine engine;
    private final SocketAddress listen;
    private final List<? extends SocketAddress> upstreams;

    /** The kinds of channels that connect to the upstreams, in their order. */
    private final List<EventLoops.Channels> connecting = new ArrayList<>();

    private final List<Insertion> insertions;
    private final ProxyListener listener;
    private final EventLoops loops;
    private final Slots slots = new Slots();
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
    private final Channel server;

    private Proxy(
            SockmapEngine engine,
            SocketAddress listen,
            List<? extends SocketAddress> upstreams,
            List<Insertion> insertions,
            ProxyListener listener,
            Supplier<EventLoops> means)
            throws IOException {
        this.engine = engine;
        this.listen = listen;
        this.upstreams = List.copyOf(upstreams);
        this.insertions = List.copyOf(insertions);
        this.listener = listener;
        var example = StandIns.connection(upstreams.size());
        insertions.forEach(insertion -> insertion.check(example));
        loops = means.get();
        try {
            for (var upstream : upstreams) connecting.add(loops.channels(upstream));
            server = bind();
        } catch (IOException e) {
            loops.stop();
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
            SockmapEngine engine,
            SocketAddress listen,
            List<? extends SocketAddress> upstreams,
            List<Insertion> insertions,
            ProxyListener listener)
            throws IOException {
        return start(engine, listen, upstreams, insertions, listener, EventLoops::start);
    }

    /** The same by means that the caller chooses. */
    static Proxy start(
            SockmapEngine engine,
            SocketAddress listen,
            List<? extends SocketAddress> upstreams,
            List<Insertion> insertions,
            ProxyListener listener,
            Supplier<EventLoops> means)
            throws IOException {
        return new Proxy(engine, listen, upstreams, insertions, listener, means);
    }

    private Channel bind() throws IOException {
        checkSocketFile();
        var channels = loops.channels(listen);
        var bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(channels.server())
                        .option(ChannelOption.SO_BACKLOG, 4096)
                        .option(ChannelOption.SO_REUSEADDR, ofTcp(listen))
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childOption(ChannelOption.TCP_NODELAY, ofTcp(listen))
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel client) {
                                        accept(client);
                                    }
                                })
                        .bind(channels.address().apply(listen))
                        .awaitUninterruptibly();
        if (bound.isSuccess()) return bound.channel();
        throw new IOException(
                "can't listen on %s: %s".formatted(listen, bound.cause().getMessage()),
                bound.cause());
    }

    /** Netty would take the path away from whoever listens there. */
    private void checkSocketFile() throws IOException {
        if (!(listen instanceof UnixDomainSocketAddress unix)) return;
        if (!Files.exists(unix.getPath(), LinkOption.NOFOLLOW_LINKS)) return;
        throw new IOException(
                "can't listen on %s: there is such a file; delete it if nobody listens there"
                        .formatted(listen));
    }

    /** The value of an option that UNIX streams do not have: null leaves it alone. */
    private static Boolean ofTcp(SocketAddress address) {
        return EventLoops.isUnix(address) ? null : Boolean.TRUE;
    }

    /**
     * The port where it listens.
     *
     * @throws IllegalStateException if it listens on a UNIX socket
     */
    public InetSocketAddress address() {
        if (server.localAddress() instanceof InetSocketAddress address) return address;
        throw new IllegalStateException("the proxy listens on a UNIX socket: " + listen);
    }

    /** Where it listens: a port, or a path. */
    public SocketAddress listenAddress() {
        return EventLoops.isUnix(listen) ? listen : address();
    }

    /** How bytes are carried, in words. */
    public String transport() {
        return loops.description();
    }

    private void accept(Channel client) {
        var transport = new NettyTransport(client, engine);
        // Fails for a client that is gone already, which then has taken no slot.
        var socket = transport.accept();
        var relay = new Relay(this::ended, slots.take());
        relay.add(Relay.CLIENT, socket, transport);
        relays.add(relay);
        connect(relay, client, 0);
    }

    /** Connects one upstream after the other, on the client's event loop, and then starts. */
    private void connect(Relay relay, Channel client, int index) {
        if (index == upstreams.size()) {
            relay.start(insertions);
            return;
        }
        var address = upstreams.get(index);
        var channels = connecting.get(index);
        new Bootstrap()
                .group(client.eventLoop())
                .channel(channels.connection())
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.TCP_NODELAY, ofTcp(address))
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel upstream) {}
                        })
                .connect(channels.address().apply(address))
                .addListener(
                        (ChannelFuture connected) -> connected(relay, client, index, connected));
    }

    private void connected(Relay relay, Channel client, int index, ChannelFuture connected) {
        if (!connected.isSuccess()) {
            var reason =
                    "upstream %s: %s"
                            .formatted(upstreams.get(index), connected.cause().getMessage());
            listener.refused(reason);
            relay.abort(reason);
            return;
        }
        var upstream = connected.channel();
        if (relay.isClosing() || !client.isActive()) {
            var _ = upstream.close();
            return;
        }
        var transport = new NettyTransport(upstream, engine);
        try {
            relay.add(Relay.upstreamName(index), transport.connect(), transport);
            connect(relay, client, index + 1);
        } catch (RuntimeException e) {
            // An upstream that is gone already has no addresses.
            var _ = upstream.close();
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

    /** Stops to accept, resets the connections that are open, and waits until all has ended. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        relays.forEach(relay -> relay.abortSoon("the proxy stops"));
        loops.stop();
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
