package io.jsockmap.proxy;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

import java.util.concurrent.TimeUnit;

/**
 * The threads that carry the bytes, by the best means the platform has.
 *
 * @param group the threads
 * @param server the kind of listening channel
 * @param connection the kind of connected channel
 * @param description which means, and why not a better one
 */
record EventLoops(
        EventLoopGroup group,
        Class<? extends ServerChannel> server,
        Class<? extends DuplexChannel> connection,
        String description) {

    static EventLoops start() {
        if (Epoll.isAvailable()) return epoll();
        return nio("no epoll: " + Epoll.unavailabilityCause().getMessage());
    }

    static EventLoops epoll() {
        return new EventLoops(
                group(SteadyEpollHandler.newFactory()),
                EpollServerSocketChannel.class,
                EpollSocketChannel.class,
                "epoll");
    }

    static EventLoops nio(String reason) {
        return new EventLoops(
                group(NioIoHandler.newFactory()),
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                "NIO (%s)".formatted(reason));
    }

    private static EventLoopGroup group(IoHandlerFactory factory) {
        return new MultiThreadIoEventLoopGroup(Runtime.getRuntime().availableProcessors(), factory);
    }

    void stop() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
