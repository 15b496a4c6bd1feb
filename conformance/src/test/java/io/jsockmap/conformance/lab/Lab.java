package io.jsockmap.conformance.lab;

import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.nio.SockmapDatagramChannel;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.SockHash;
import io.jsockmap.sockmap.map.SockMap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** An engine, objects in it, and sockets on loopback. Closed behind each scenario. */
public final class Lab implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));

    private static final String IPV4 = "127.0.0.1";

    private final SockmapEngine engine;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    Lab(SockmapEngine engine) {
        this.engine = engine;
    }

    public SockmapEngine engine() {
        return engine;
    }

    /** Whether it is the real thing. */
    public boolean isKernel() {
        return engine.name().equals("kernel");
    }

    // --- Objects ---------------------------------------------------------------------------------

    /** One of the programs that the sockmap module has for its tests. */
    public SockmapObject load(String name) {
        return load(name, LoadOptions.DEFAULT);
    }

    public SockmapObject load(String name, LoadOptions options) {
        return open(
                ROOT.resolve("sockmap/src/test/resources/programs/%s.bpf.o".formatted(name)),
                options);
    }

    public SockmapObject example(String name) {
        return open(ROOT.resolve("examples/%s/%1$s.bpf.o".formatted(name)), LoadOptions.DEFAULT);
    }

    private SockmapObject open(Path file, LoadOptions options) {
        return keep(engine.load(ObjectReader.read(file), options));
    }

    // --- Sockets ---------------------------------------------------------------------------------

    /** A TCP connection over IPv4 that the engine's side has accepted. */
    public Stream tcp() throws IOException {
        return tcp(IPV4);
    }

    /** A TCP connection over IPv6. */
    public Stream tcp6() throws IOException {
        return tcp("::1");
    }

    private Stream tcp(String host) throws IOException {
        try (var server = ServerSocketChannel.open(family(host)).bind(any(host))) {
            var far = connected(server);
            return stream(SockmapChannel.accepted(engine, server.accept()), far);
        }
    }

    /** A TCP connection that the engine's side asked for. */
    public Stream connectedTcp() throws IOException {
        try (var server = ServerSocketChannel.open(family(IPV4)).bind(any(IPV4))) {
            var near = connected(server);
            var far = server.accept();
            return stream(SockmapChannel.connected(engine, near), far);
        }
    }

    /** A UNIX stream. */
    public Stream unix() throws IOException {
        var folder = Files.createTempDirectory("jsockmap");
        var path = folder.resolve("socket");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            var far = SocketChannel.open(UnixDomainSocketAddress.of(path));
            return stream(SockmapChannel.opened(engine, server.accept()), far);
        } finally {
            Files.deleteIfExists(path);
            Files.delete(folder);
        }
    }

    private Stream stream(SockmapChannel near, SocketChannel far) {
        return keep(new Stream(near, far));
    }

    /** A pair of UDP sockets that are connected to each other. */
    public Datagrams udp() throws IOException {
        return udp(IPV4);
    }

    public Datagrams udp6() throws IOException {
        return udp("::1");
    }

    private Datagrams udp(String host) throws IOException {
        var near = DatagramChannel.open(family(host)).bind(any(host));
        var far = DatagramChannel.open(family(host)).bind(any(host));
        near.connect(far.getLocalAddress());
        far.connect(near.getLocalAddress());
        return keep(new Datagrams(SockmapDatagramChannel.opened(engine, near), far));
    }

    // --- Maps, and sockets that carry nothing ---------------------------------------------------

    /** A SOCKMAP that belongs to no object. */
    public SockMap sockMap(long maxEntries) {
        var definition = MapDefinition.of("slots", MapType.SOCKMAP, 4, 8, maxEntries);
        return (SockMap) engine.create(definition);
    }

    /** A SOCKHASH that belongs to no object. */
    public SockHash sockHash(int keySize, long maxEntries) {
        var definition = MapDefinition.of("table", MapType.SOCKHASH, keySize, 8, maxEntries);
        return (SockHash) engine.create(definition);
    }

    /** A TCP socket that listens. */
    public Listener listener() throws IOException {
        return keep(Listener.open(engine));
    }

    /** A UDP socket that has a port, and no peer. */
    public SockmapDatagramChannel unconnectedUdp() throws IOException {
        var channel = DatagramChannel.open(family(IPV4)).bind(any(IPV4));
        return keep(SockmapDatagramChannel.opened(engine, channel));
    }

    /** Puts each of two sockets under the cookie of the other. */
    public void splice(SockHash peers, Stream one, Stream other) {
        peers.update(key(one), other.socket(), UpdateFlag.ANY);
        peers.update(key(other), one.socket(), UpdateFlag.ANY);
    }

    private static byte[] key(Stream stream) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(stream.socket().cookie())
                .array();
    }

    /** A TCP connection with both of its ends under the engine. */
    public Wire wire() throws IOException {
        try (var server = ServerSocketChannel.open(family(IPV4)).bind(any(IPV4))) {
            var asking = connected(server);
            var asked = server.accept();
            var client = keep(SockmapChannel.connected(engine, asking));
            return new Wire(client, keep(SockmapChannel.accepted(engine, asked)));
        }
    }

    /** The two ends of one connection. */
    public record Wire(SockmapChannel client, SockmapChannel server) {}

    /**
     * Java's own choice is IPv6 sockets for both, and a program in the kernel sees them as such.
     */
    private static ProtocolFamily family(String host) {
        return host.equals(IPV4) ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    /** A socket of the same family that is connected to a server. */
    static SocketChannel connected(ServerSocketChannel server) throws IOException {
        var address = (InetSocketAddress) server.getLocalAddress();
        var channel = SocketChannel.open(family(address.getAddress().getHostAddress()));
        channel.connect(address);
        return channel;
    }

    private static InetSocketAddress any(String host) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(host), 0);
    }

    private <T extends AutoCloseable> T keep(T thing) {
        opened.push(thing);
        return thing;
    }

    @Override
    public void close() throws IOException {
        try {
            for (var thing : opened) thing.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            engine.close();
        }
    }
}
