package io.jsockmap.netty.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.netty.Engines;
import io.jsockmap.netty.SockmapHandler;
import io.jsockmap.netty.SockmapInitializer;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.socket.Limits;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** How a server's channels come under the engine; the program gives what they receive capitals. */
@Timeout(120)
class PipelineExamples {
    private static final Path SHOUT =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("sockmap/src/test/resources/programs/rewrite.bpf.o");

    private final UserEngine engine = Engines.open(Limits.DEFAULT);
    private final Admission admission = admission();
    private final MultiThreadIoEventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    private Admission admission() {
        var object = engine.load(SHOUT);
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("shout"), AttachType.SK_SKB_STREAM_VERDICT);
        return Admission.to(engine, engine.root())
                .with(socket -> sockets.update(0, socket, UpdateFlag.ANY));
    }

    @AfterEach
    void close() {
        loops.shutdownGracefully().syncUninterruptibly();
    }

    /** Sends back what it gets. */
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var _ = context.writeAndFlush(message);
        }
    }

    /** The application, which knows of no policy. */
    private static final class Site extends ChannelInitializer<SocketChannel> {
        @Override
        protected void initChannel(SocketChannel channel) {
            channel.pipeline().addLast(new Echo());
        }
    }

    private String answer(ChannelHandler children) throws IOException {
        var bootstrap = new ServerBootstrap().group(loops).channel(NioServerSocketChannel.class);
        return answer(bootstrap.childHandler(children));
    }

    private static String answer(ServerBootstrap bootstrap) throws IOException {
        Channel server =
                bootstrap
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
        var address = (InetSocketAddress) server.localAddress();
        try (var client = new Socket(address.getAddress(), address.getPort())) {
            client.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            var answer = client.getInputStream().readNBytes(5);
            return new String(answer, StandardCharsets.US_ASCII);
        } finally {
            server.close().syncUninterruptibly();
        }
    }

    @Test
    void allChannelsOfAServerAreJudgedBeforeItsHandlersSeeThem() throws IOException {
        // @start region="server"
        ServerBootstrap bootstrap = new ServerBootstrap();
        bootstrap
                .group(loops)
                .channel(NioServerSocketChannel.class)
                // Without the policy: .childHandler(new Site())
                .childHandler(new SockmapInitializer<>(admission, new Site()));
        // @end

        assertThat(answer(bootstrap)).isEqualTo("HELLO");
    }

    // @start region="handler"
    /** For who puts the handler in himself: behind an SslHandler, say, to see what TLS carries. */
    private static final class PolicedSite extends ChannelInitializer<SocketChannel> {
        private final Admission admission;

        PolicedSite(Admission admission) {
            this.admission = admission;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            Duration linger = Duration.ofSeconds(1); // what a close waits for, at the most
            channel.pipeline().addLast(SockmapHandler.accepted(admission, linger), new Echo());
        }
    }

    // @end

    @Test
    void oneHandlerOfAPipelineJudgesForThoseBehindIt() throws IOException {
        assertThat(answer(new PolicedSite(admission))).isEqualTo("HELLO");
    }
}
