package io.jsockmap.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

import org.junit.jupiter.api.AfterEach;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A Netty server whose channels are under an engine, on event loops of their own, with peers that
 * are ordinary sockets. In the end no buffer may be left, no socket, and no byte be unaccounted.
 */
abstract class NettyTest {
    /** After so long a test hangs: a guard only, nothing is decided by it. */
    static final int HANG_SECONDS = 120;

    final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    UserSockMap map = new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 64));
    private final EventLoopGroup loops =
            new MultiThreadIoEventLoopGroup(4, NioIoHandler.newFactory());
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Queue<Channel> children = new ConcurrentLinkedQueue<>();
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final ConcurrentLinkedQueue<Sock> sockets = new ConcurrentLinkedQueue<>();
    UserEngine engine = Engines.open(Limits.DEFAULT);

    /** What children are given, beside their allocator. */
    Map<ChannelOption<Boolean>, Boolean> options = Map.of();

    final void limit(int receiveBytes, int sendBytes) {
        engine = Engines.open(new Limits(receiveBytes, sendBytes));
    }

    // --- Policies --------------------------------------------------------------------------------

    static Path root() {
        return Path.of(System.getProperty("jsockmap.root", ".."));
    }

    final UserObject load(String program) {
        var file = "sockmap/src/test/resources/programs/%s.bpf.o".formatted(program);
        return engine.load(root().resolve(file));
    }

    final UserObject loadExample(String name) {
        return engine.load(root().resolve("examples/%s/%<s.bpf.o".formatted(name)));
    }

    /** Has a program run on all sockets from now on. */
    final void judgeBy(String object, String program, AttachType type) {
        map.attach(load(object).program(program), type);
    }

    /**
     * The same with frames, of which the first byte is a verdict; redirects go to the first socket.
     */
    final void judgeFrames() {
        var frames = load("frames");
        map = frames.sockMap("targets");
        map.attach(frames.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        map.attach(frames.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
    }

    /** Admits everybody, and puts them into {@link #map} in the order in which they come. */
    final Admission admission() {
        return Admission.to(engine, engine.root())
                .with(
                        socket -> {
                            sockets.add(socket);
                            map.update(sockets.size() - 1, socket, UpdateFlag.ANY);
                        });
    }

    // --- Channels --------------------------------------------------------------------------------

    /** Starts a server whose channels have that handler behind the engine's. */
    final InetSocketAddress serve(Supplier<ChannelHandler> handler) {
        return serve(new SockmapInitializer<>(admission(), initializer(handler)));
    }

    final ChannelInitializer<SocketChannel> initializer(Supplier<ChannelHandler> handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                options.forEach(channel.config()::setOption);
                channel.pipeline().addLast(handler.get());
                children.add(channel);
                accepted.add(channel);
            }
        };
    }

    final InetSocketAddress serve(ChannelHandler children) {
        var server =
                new ServerBootstrap()
                        .group(loops)
                        .channel(NioServerSocketChannel.class)
                        .childOption(ChannelOption.ALLOCATOR, buffers)
                        .childHandler(children)
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
        opened.add(() -> server.close().sync());
        return (InetSocketAddress) server.localAddress();
    }

    /** Connects a channel that is under the engine too. */
    final Channel connectChannel(InetSocketAddress address, Supplier<ChannelHandler> handler) {
        var channel =
                new Bootstrap()
                        .group(loops)
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.ALLOCATOR, buffers)
                        .handler(SockmapInitializer.ofClients(admission(), initializer(handler)))
                        .connect(address)
                        .syncUninterruptibly()
                        .channel();
        opened.add(() -> channel.close().sync());
        settle(channel);
        return channel;
    }

    /** Waits until the event loop has done all that it has to do now. */
    static void settle(Channel channel) {
        for (int i = 0; i < 3; i++) channel.eventLoop().submit(() -> {}).syncUninterruptibly();
    }

    final Socket connect(InetSocketAddress address) throws IOException {
        var socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(HANG_SECONDS * 1000);
        opened.add(socket);
        return socket;
    }

    /** The next channel of the server. */
    final Channel accepted() throws InterruptedException {
        var channel = accepted.poll(HANG_SECONDS, TimeUnit.SECONDS);
        assertThat(channel).as("a channel that was accepted").isNotNull();
        settle(channel);
        return channel;
    }

    static Sock socketOf(Channel channel) {
        return channel.pipeline().get(SockmapHandler.class).socket().orElseThrow();
    }

    @AfterEach
    final void nothingIsLeft() throws Exception {
        for (var each : opened.reversed()) each.close();
        // Loops that stop at once do not tell of channels that they close.
        for (var channel : children) {
            channel.close().sync();
            settle(channel);
        }
        loops.shutdownGracefully(0, HANG_SECONDS, TimeUnit.SECONDS).sync();
        assertThat(engine.sockets()).isEmpty();
        for (var socket : sockets) {
            assertThat(socket.account().balances()).as("%s", socket.account()).isTrue();
            assertThat(socket.account().egress().waiting()).isZero();
        }
        assertThat(buffers.metric().usedDirectMemory()).as("direct memory in use").isZero();
        assertThat(buffers.metric().usedHeapMemory()).as("heap memory in use").isZero();
    }
}
