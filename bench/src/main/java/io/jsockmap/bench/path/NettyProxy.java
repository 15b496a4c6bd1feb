package io.jsockmap.bench.path;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** The shortest proxy on Netty that keeps memory bounded, to be compared with. */
final class NettyProxy {
    static final String COPY = "copy";
    static final String SPLICE = "splice";

    private static final WriteBufferWaterMark MARKS =
            new WriteBufferWaterMark(128 * 1024, 256 * 1024);

    private NettyProxy() {}

    static void main(String[] arguments) {
        boolean splices = arguments[0].equals(SPLICE);
        var listen = onLoopback(arguments[1]);
        var upstream = onLoopback(arguments[2]);
        new ServerBootstrap()
                .group(new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory()))
                .channel(EpollServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, Origin.BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                .childHandler(new Accepted(upstream, splices))
                .bind(listen)
                .syncUninterruptibly()
                .channel()
                .closeFuture()
                .syncUninterruptibly();
    }

    private static InetSocketAddress onLoopback(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    /** Connects each client to the upstream. */
    @Sharable
    private static final class Accepted extends ChannelInboundHandlerAdapter {
        private final InetSocketAddress upstream;
        private final boolean splices;

        Accepted(InetSocketAddress upstream, boolean splices) {
            this.upstream = upstream;
            this.splices = splices;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            var client = context.channel();
            new Bootstrap()
                    .group(client.eventLoop())
                    .channel(EpollSocketChannel.class)
                    .option(ChannelOption.TCP_NODELAY, true)
                    .option(ChannelOption.AUTO_READ, false)
                    .option(ChannelOption.WRITE_BUFFER_WATER_MARK, MARKS)
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(upstream)
                    .addListener(
                            (ChannelFutureListener)
                                    connected -> {
                                        if (connected.isSuccess()) {
                                            join(client, connected.channel());
                                        } else {
                                            var _ = client.close();
                                        }
                                    });
        }

        private void join(Channel client, Channel server) {
            if (splices) {
                splice((EpollSocketChannel) client, (EpollSocketChannel) server);
                splice((EpollSocketChannel) server, (EpollSocketChannel) client);
            } else {
                copy(client, server);
                copy(server, client);
            }
        }

        // Netty has deprecated it, without another way.
        @SuppressWarnings("deprecation")
        private static void splice(EpollSocketChannel from, EpollSocketChannel to) {
            var _ = from.spliceTo(to, Integer.MAX_VALUE);
            from.config().setAutoRead(true);
            from.closeFuture()
                    .addListener(
                            _ -> {
                                var _ = to.close();
                            });
        }

        private static void copy(Channel from, Channel to) {
            from.pipeline().addLast(new Copying(to));
            from.config().setAutoRead(true);
        }
    }

    /** Writes what comes to another channel, and reads no faster than that takes it. */
    private static final class Copying extends ChannelInboundHandlerAdapter {
        private final Channel to;

        Copying(Channel to) {
            this.to = to;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var _ = to.write(message, to.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            to.flush();
            if (!to.isWritable()) context.channel().config().setAutoRead(false);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            to.config().setAutoRead(context.channel().isWritable());
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            to.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}
