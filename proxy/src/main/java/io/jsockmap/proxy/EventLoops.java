package io.jsockmap.proxy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The threads that carry the bytes, by the best means the platform has.
 *
 * @param group the threads
 * @param tcp channels for TCP
 * @param unix channels for UNIX streams, if there are any
 * @param description which means, and why not a better one
 */
record EventLoops(EventLoopGroup group, Channels tcp, Optional<Channels> unix, String description) {

    /**
     * The channels for one kind of connection.
     *
     * @param server the kind of listening channel
     * @param connection the kind of connected channel
     * @param address an address as they take it
     */
    record Channels(
            Class<? extends ServerChannel> server,
            Class<? extends DuplexChannel> connection,
            UnaryOperator<SocketAddress> address) {}

    /**
     * The channels that connect to an address, or listen there.
     *
     * @throws IOException if the platform has none for it
     */
    Channels channels(SocketAddress address) throws IOException {
        if (!isUnix(address)) return tcp;
        return unix.orElseThrow(
                () ->
                        new IOException(
                                "no UNIX sockets without epoll, can't use %s: this is %s"
                                        .formatted(address, description)));
    }

    static boolean isUnix(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress;
    }

    static EventLoops start() {
        return withoutEpoll().map(EventLoops::nio).orElseGet(EventLoops::epoll);
    }

    /** Why Netty has no epoll here; empty if it has. */
    private static Optional<String> withoutEpoll() {
        if (Epoll.isAvailable()) return Optional.empty();
        return Optional.of("no epoll: " + Epoll.unavailabilityCause().getMessage());
    }

    static EventLoops epoll() {
        return new EventLoops(
                group(SteadyEpollHandler.newFactory()),
                new Channels(
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        UnaryOperator.identity()),
                Optional.of(
                        new Channels(
                                EpollServerDomainSocketChannel.class,
                                EpollDomainSocketChannel.class,
                                address -> new DomainSocketAddress(address.toString()))),
                "Netty, epoll");
    }

    static EventLoops nio(String reason) {
        return new EventLoops(
                group(NioIoHandler.newFactory()),
                new Channels(
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        UnaryOperator.identity()),
                // Netty 4.2.18 has them, but closes them when the peer ends its stream.
                Optional.empty(),
                "NIO (%s)".formatted(reason));
    }

    private static EventLoopGroup group(IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), factory);
    }

    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
