package io.jsockmap.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
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

import java.nio.file.Path;

/**
 * The server of docs/netty.md: an HTTP server on Netty, with the http-policy example in front of
 * its codec. {@code PolicedHttpServer OBJECT [PORT]}.
 */
final class PolicedHttpServer implements AutoCloseable {
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    final Channel channel;

    PolicedHttpServer(UserEngine engine, Path object, int port) {
        // The policy, in five lines:
        var policy = engine.load(object);
        var clients = policy.sockHash("clients");
        clients.attach(policy.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        clients.attach(policy.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
        var admission =
                Admission.to(engine, engine.root())
                        .with(
                                client ->
                                        clients.update(
                                                Bytes.u64(client.cookie()),
                                                client,
                                                UpdateFlag.ANY));

        channel =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        // Without the policy: .childHandler(new Site())
                        .childHandler(new SockmapInitializer<>(admission, new Site()))
                        .bind("localhost", port)
                        .syncUninterruptibly()
                        .channel();
    }

    public static void main(String... arguments) throws Exception {
        int port = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 8080;
        try (var server = new PolicedHttpServer(UserEngine.open(), Path.of(arguments[0]), port)) {
            server.channel.closeFuture().sync();
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loops.shutdownGracefully().syncUninterruptibly();
    }

    /** The server as it was before: it knows of no policy. */
    private static final class Site extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline()
                    .addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Page());
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
