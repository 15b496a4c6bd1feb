package io.jsockmap.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Netty's NIO transport, told to use the provider. */
@Timeout(120)
@ParameterizedClass
@EnumSource(World.Kind.class)
class NettyTest {
    @Parameter World.Kind kind;

    private World world;
    private SelectorProvider provider;
    private EventLoopGroup loops;

    @BeforeEach
    void open() throws IOException {
        world = new World(kind);
        provider = world.provider;
        loops =
                new MultiThreadIoEventLoopGroup(
                        2,
                        NioIoHandler.newFactory(provider, DefaultSelectStrategyFactory.INSTANCE));
    }

    @AfterEach
    void close() throws Exception {
        loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
        world.close();
    }

    private int listen(ChannelInitializer<Channel> connections) throws InterruptedException {
        var server =
                new ServerBootstrap()
                        .group(loops)
                        .channelFactory(() -> new NioServerSocketChannel(provider))
                        .childHandler(connections)
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    private static ChannelInitializer<Channel> pipeline(Consumer<Channel> made) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                made.accept(channel);
            }
        };
    }

    @Test
    void itsHttpServerAnswersWhatItWasAsked() throws Exception {
        int port =
                listen(
                        pipeline(
                                channel ->
                                        channel.pipeline()
                                                .addLast(new HttpServerCodec())
                                                .addLast(new HttpObjectAggregator(1 << 23))
                                                .addLast(new HttpEcho())));
        long bytes = HttpTraffic.run(port);
        if (kind != World.Kind.JUDGED) return;
        // Only the server is on the provider here.
        assertThat(world.policy.received()).isGreaterThan(bytes);
        assertThat(world.policy.sent()).isGreaterThan(bytes);
    }

    private static final class HttpEcho extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            var response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.OK,
                            request.content().retain());
            response.headers()
                    .set(HttpHeaderNames.CONTENT_LENGTH, request.content().readableBytes());
            context.writeAndFlush(response);
        }
    }

    @Test
    void bothEndsOfALargeStreamAreOnTheProvider() throws Exception {
        var bytes = new byte[8_000_000];
        new Random(4).nextBytes(bytes);
        int port = listen(pipeline(channel -> channel.pipeline().addLast(new Echo())));
        var back = new ByteArrayOutputStream();
        var complete = new CompletableFuture<byte[]>();
        var client =
                new Bootstrap()
                        .group(loops)
                        .channelFactory(() -> new NioSocketChannel(provider))
                        .option(ChannelOption.TCP_NODELAY, true)
                        .handler(new Collector(back, bytes.length, complete))
                        .connect("127.0.0.1", port)
                        .sync()
                        .channel();
        client.writeAndFlush(Unpooled.wrappedBuffer(bytes)).sync();
        assertThat(Arrays.equals(World.result(complete), bytes)).isTrue();
        client.close().sync();
        if (kind != World.Kind.JUDGED) return;
        assertThat(world.policy.received()).isEqualTo(2L * bytes.length);
        assertThat(world.policy.sent()).isEqualTo(2L * bytes.length);
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.writeAndFlush(message);
        }
    }

    private static final class Collector extends SimpleChannelInboundHandler<ByteBuf> {
        private final ByteArrayOutputStream back;
        private final int length;
        private final CompletableFuture<byte[]> complete;

        Collector(ByteArrayOutputStream back, int length, CompletableFuture<byte[]> complete) {
            this.back = back;
            this.length = length;
            this.complete = complete;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes)
                throws IOException {
            bytes.readBytes(back, bytes.readableBytes());
            if (back.size() == length) complete.complete(back.toByteArray());
        }
    }

    @Test
    void itsDatagramChannelAnswersWhoAsked() throws Exception {
        var server =
                new Bootstrap()
                        .group(loops)
                        .channelFactory(() -> new NioDatagramChannel(provider))
                        .handler(new DatagramEcho())
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        var port = ((InetSocketAddress) server.localAddress()).getPort();
        var answer = new CompletableFuture<String>();
        var client =
                new Bootstrap()
                        .group(loops)
                        .channelFactory(() -> new NioDatagramChannel(provider))
                        .handler(
                                new SimpleChannelInboundHandler<DatagramPacket>() {
                                    @Override
                                    protected void channelRead0(
                                            ChannelHandlerContext context, DatagramPacket packet) {
                                        answer.complete(
                                                packet.content().toString(StandardCharsets.UTF_8));
                                    }
                                })
                        .connect("127.0.0.1", port)
                        .sync()
                        .channel();
        client.writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8)).sync();
        assertThat(World.result(answer)).isEqualTo("hello");
        if (kind == World.Kind.JUDGED) assertThat(world.policy.received()).isEqualTo(10);
    }

    private static final class DatagramEcho extends SimpleChannelInboundHandler<DatagramPacket> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
            context.writeAndFlush(new DatagramPacket(packet.content().retain(), packet.sender()));
        }
    }
}
