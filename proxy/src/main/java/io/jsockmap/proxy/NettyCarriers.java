package io.jsockmap.proxy;

import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.proxy.carry.Carriers;
import io.jsockmap.sockmap.UserEngine;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** Connections as Netty has them, on any platform. */
record NettyCarriers(EventLoops loops, UserEngine engine) implements Carriers {
    private static final int BACKLOG = 4096;

    @Override
    public Listening listen(SocketAddress address, Consumer<Carrier> accepted) throws IOException {
        var channels = loops.channels(address);
        var bound =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(channels.server())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, ofTcp(address))
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childOption(ChannelOption.TCP_NODELAY, ofTcp(address))
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel client) {
                                        accepted.accept(new NettyTransport(client, engine));
                                    }
                                })
                        .bind(channels.address().apply(address))
                        .awaitUninterruptibly();
        if (bound.isSuccess()) return new Server(bound.channel());
        throw new IOException(
                "can't listen on %s: %s".formatted(address, bound.cause().getMessage()),
                bound.cause());
    }

    private record Server(Channel channel) implements Listening {
        @Override
        public SocketAddress address() {
            return channel.localAddress();
        }

        @Override
        public void close() {
            channel.close().awaitUninterruptibly();
        }
    }

    /** The value of an option that UNIX streams do not have: null leaves it alone. */
    private static Boolean ofTcp(SocketAddress address) {
        return EventLoops.isUnix(address) ? null : Boolean.TRUE;
    }

    @Override
    public void check(SocketAddress address) throws IOException {
        loops.channels(address);
    }

    @Override
    public void connect(Carrier beside, SocketAddress address, Connecting result) {
        EventLoops.Channels channels;
        try {
            channels = loops.channels(address);
        } catch (IOException e) {
            result.failed(e.getMessage());
            return;
        }
        new Bootstrap()
                .group(((NettyTransport) beside).eventLoop())
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
                .addListener((ChannelFuture connected) -> tell(result, connected));
    }

    private void tell(Connecting result, ChannelFuture connected) {
        if (connected.isSuccess())
            result.connected(new NettyTransport(connected.channel(), engine));
        else result.failed(connected.cause().getMessage());
    }

    @Override
    public String description() {
        return loops.description();
    }

    @Override
    public void stop() {
        loops.stop();
    }
}
