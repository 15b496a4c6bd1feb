package io.jsockmap.proxy;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.nio.SockmapDatagramChannel;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.VSockAddress;
import io.netty.channel.unix.DomainSocketAddress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Opens sockets of all kinds: by the JDK those that it has, by Netty the others. Aborts the test,
 * with the reason, where the platform has none.
 */
final class RealSockets implements AutoCloseable {

    /** The kinds, by the names that the kernel's own matrix has. */
    enum Kind {
        TCP4("tcp"),
        TCP6("tcp"),
        UDP4("udp"),
        UDP6("udp"),
        UNIX_STREAM("u_str"),
        UNIX_DATAGRAM("u_dgr"),
        VSOCK_STREAM("v_str"),
        VSOCK_SEQPACKET("v_seq");

        final String name;

        Kind(String name) {
            this.name = name;
        }
    }

    private static final int LONGEST = 1 << 18;

    private EventLoops loops;

    RealSocket open(Kind kind, UserEngine engine) throws Exception {
        return switch (kind) {
            case TCP4 -> tcp(engine, "127.0.0.1");
            case TCP6 -> tcp(engine, "::1");
            case UDP4 -> udp(engine, "127.0.0.1", StandardProtocolFamily.INET);
            case UDP6 -> udp(engine, "::1", StandardProtocolFamily.INET6);
            case UNIX_STREAM -> unixStream(engine);
            case UNIX_DATAGRAM -> unixDatagram(engine);
            case VSOCK_STREAM -> vsockStream(engine);
            case VSOCK_SEQPACKET -> abort("neither the JDK nor Netty has vsock seqpacket sockets");
        };
    }

    private static RealSocket tcp(UserEngine engine, String host) throws IOException {
        var any = new InetSocketAddress(InetAddress.getByName(host), 0);
        try (var server = bound(any)) {
            var peer = SocketChannel.open(server.getLocalAddress());
            var channel = SockmapChannel.accepted(engine, server.accept());
            return new RealSocket.Blocking((Sock) channel.socket(), channel, peer);
        }
    }

    private static ServerSocketChannel bound(InetSocketAddress address) throws IOException {
        try {
            return ServerSocketChannel.open().bind(address);
        } catch (IOException e) {
            return abort("no loopback at %s: %s".formatted(address, e.getMessage()));
        }
    }

    private static RealSocket udp(UserEngine engine, String host, StandardProtocolFamily family)
            throws IOException {
        var any = new InetSocketAddress(InetAddress.getByName(host), 0);
        try {
            var peer = DatagramChannel.open(family).bind(any);
            var own = DatagramChannel.open(family).bind(any);
            peer.connect(own.getLocalAddress());
            own.connect(peer.getLocalAddress());
            var channel = SockmapDatagramChannel.opened(engine, own);
            return new RealSocket.Blocking((Sock) channel.socket(), channel, peer);
        } catch (UnsupportedOperationException | IOException e) {
            return abort("no loopback at %s: %s".formatted(any, e.getMessage()));
        }
    }

    private static RealSocket unixStream(UserEngine engine) throws IOException {
        var folder = Files.createTempDirectory("jsockmap");
        var path = folder.resolve("s");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            var peer = SocketChannel.open(server.getLocalAddress());
            var channel = SockmapChannel.opened(engine, server.accept());
            return new RealSocket.Blocking((Sock) channel.socket(), channel, peer);
        } finally {
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    private EventLoops loops() {
        assumeTrue(
                Epoll.isAvailable(),
                () -> "Netty has no epoll here: " + Epoll.unavailabilityCause().getMessage());
        if (loops == null) loops = EventLoops.epoll();
        return loops;
    }

    /** Both are bound to a path and connected to each other. */
    RealSocket.Netty unixDatagram(UserEngine engine) throws Exception {
        loops();
        var folder = Files.createTempDirectory("jsockmap");
        var own = folder.resolve("own");
        var other = folder.resolve("other");
        try {
            var peer = new NettyPeer(datagrams(other));
            var channel = datagrams(own);
            connect(channel, other);
            connect(peer.channel(), own);
            var application = NettyApplication.of(channel, engine);
            peer.channel().config().setAutoRead(true);
            return new RealSocket.Netty(application, peer);
        } finally {
            Files.deleteIfExists(own);
            Files.deleteIfExists(other);
            Files.delete(folder);
        }
    }

    private Channel datagrams(Path path) throws InterruptedException {
        return new Bootstrap()
                .group(loops().group())
                .channel(EpollDomainDatagramChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST))
                .handler(new ChannelInboundHandlerAdapter())
                .bind(new DomainSocketAddress(path.toFile()))
                .sync()
                .channel();
    }

    private static void connect(Channel channel, Path path) throws InterruptedException {
        channel.connect(new DomainSocketAddress(path.toFile())).sync();
    }

    /** Netty has the sockets, but no channels: that for UNIX streams does for them. */
    private RealSocket vsockStream(UserEngine engine) throws Exception {
        loops();
        var server = listeningVsock();
        try {
            var client = LinuxSocket.newVSockStream();
            if (!client.connectVSock(server.localVSockAddress())) {
                await(client::finishConnect);
            }
            var accepted = new int[1];
            await(() -> (accepted[0] = server.accept(new byte[64])) >= 0);
            var addresses =
                    new Addresses(
                            SocketKind.VSOCK_STREAM,
                            client.remoteVSockAddress(),
                            client.localVSockAddress());
            var peer = new NettyPeer(stream(client.intValue()));
            peer.channel().config().setAutoRead(true);
            return new RealSocket.Netty(
                    NettyApplication.of(stream(accepted[0]), engine, addresses), peer);
        } finally {
            server.close();
        }
    }

    private static LinuxSocket listeningVsock() throws IOException {
        var server = LinuxSocket.newVSockStream();
        try {
            server.bindVSock(
                    new VSockAddress(VSockAddress.VMADDR_CID_LOCAL, VSockAddress.VMADDR_PORT_ANY));
            server.listen(1);
            return server;
        } catch (IOException e) {
            server.close();
            return abort("no vsock loopback here: " + e.getMessage());
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws IOException {
        long hangs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Loopback.HANG_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() > hangs) throw new AssertionError("vsock does not connect");
            Thread.onSpinWait();
        }
    }

    private Channel stream(int descriptor) throws InterruptedException {
        var channel = new EpollDomainSocketChannel(descriptor);
        channel.config().setAutoRead(false);
        loops().group().register(channel).sync();
        return channel;
    }

    @Override
    public void close() {
        if (loops != null) loops.stop();
    }
}
