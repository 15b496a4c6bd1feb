package example;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jsockmap.netty.SockmapInitializer;
import io.jsockmap.policy.LivePolicy;
import io.jsockmap.policy.PolicyWatcher;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
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
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;

import java.nio.file.Path;

/**
 * An HTTP server on Netty, with a policy in front of its codec (docs/netty.md). {@code NettyServer
 * POLICY [PORT]}.
 */
public final class NettyServer {
    private NettyServer() {}

    public static void main(String... arguments) throws Exception {
        var policy = LivePolicy.open(Path.of(arguments[0]));
        var watcher = PolicyWatcher.start(policy);
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080;
        try (policy;
                watcher) {
            var server =
                    new ServerBootstrap()
                            .group(new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()))
                            .channel(NioServerSocketChannel.class)
                            // Without the policy: .childHandler(new Site())
                            .childHandler(new SockmapInitializer<>(policy, new Site()))
                            .bind("127.0.0.1", port)
                            .sync()
                            .channel();
            IO.println("serving at " + server.localAddress());
            server.closeFuture().sync();
        }
    }

    /** The server as it was before: it knows of no policy. */
    private static final class Site extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline()
                    .addLast(new HttpServerCodec(), new HttpServerKeepAliveHandler())
                    .addLast(new HttpObjectAggregator(1 << 20), new Page());
        }
    }

    private static final class Page extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            var text = "%s %s\n".formatted(request.method(), request.uri());
            var answer =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.OK,
                            Unpooled.copiedBuffer(text, UTF_8));
            answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, text.length());
            context.writeAndFlush(answer);
        }
    }
}
