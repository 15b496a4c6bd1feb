package io.jsockmap.bench.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.function.UnaryOperator;

/** A small server on Netty, of one event loop: answers with as many bytes as the path says. */
final class HttpServer implements AutoCloseable {
    private static final int LONGEST = 1 << 24;

    private final MultiThreadIoEventLoopGroup loops;
    private final Channel channel;

    /**
     * @param provider of its channels and selector
     * @param put what is put in front of the server's handlers
     */
    HttpServer(SelectorProvider provider, UnaryOperator<ChannelHandler> put) {
        loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory(provider));
        channel =
                new ServerBootstrap()
                        .group(loops)
                        .channelFactory(() -> new NioServerSocketChannel(provider))
                        .childHandler(put.apply(new Site()))
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
    }

    /** What its event loop has taken of a CPU so far, in nanoseconds. */
    long cpuTime() {
        long loop =
                loops.submit(() -> Thread.currentThread().threadId())
                        .syncUninterruptibly()
                        .getNow();
        return ManagementFactory.getThreadMXBean().getThreadCpuTime(loop);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loops.shutdownGracefully().syncUninterruptibly();
    }

    private static final class Site extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline()
                    .addLast(new HttpServerCodec(), new HttpObjectAggregator(LONGEST), new Page());
        }
    }

    private static final class Page extends SimpleChannelInboundHandler<FullHttpRequest> {
        /** Not filled anew for each answer: how well that is compiled differs between JVMs. */
        private static final ByteBuf BYTES =
                Unpooled.unreleasableBuffer(Unpooled.directBuffer(LONGEST).writeZero(LONGEST));

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            int length = Integer.parseInt(request.uri().substring(1));
            var answer =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.OK, BYTES.slice(0, length));
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
            var _ = context.writeAndFlush(answer);
        }
    }
}
