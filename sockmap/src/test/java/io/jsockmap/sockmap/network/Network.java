package io.jsockmap.sockmap.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.socket.Account.Flow;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.SocketKind;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An engine with connections in memory. It has no threads: a byte moves when the test moves it, so
 * a test has one outcome. {@link #close} checks that no byte was lost or made up.
 */
public final class Network implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Path PROGRAMS = ROOT.resolve("sockmap/src/test/resources/programs");

    private final List<Connection> connections = new ArrayList<>();
    private final List<ProgramFault> faults = Collections.synchronizedList(new ArrayList<>());
    private final Map<Sock, Sock> paused = new ConcurrentHashMap<>();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<String> losses = Collections.synchronizedList(new ArrayList<>());
    private final List<String> refusals = Collections.synchronizedList(new ArrayList<>());
    private final SockmapEngine engine;

    public Network() {
        this(Limits.DEFAULT);
    }

    /** Shows programs as little of a message as is legal. */
    public Network(Limits limits) {
        this(limits, Delivery.HOSTILE);
    }

    public Network(Limits limits, Delivery delivery) {
        var settings = Engines.SETTINGS.with(limits).with(delivery);
        engine = SockmapEngine.user(settings.with(new Ears()));
    }

    private final class Ears implements SockListener {
        @Override
        public void faulted(Sock socket, ProgramFault fault) {
            faults.add(fault);
        }

        @Override
        public void refused(Sock socket, BpfException refusal) {
            refusals.add(refusal.getMessage());
        }

        @Override
        public void lost(Sock socket, long bytes, String reason) {
            losses.add("%d bytes: %s".formatted(bytes, reason));
        }

        @Override
        public void paused(Sock socket, Optional<Sock> target) {
            paused.put(socket, target.orElse(socket));
        }

        @Override
        public void resumed(Sock socket) {
            paused.remove(socket);
        }

        @Override
        public void failed(Sock socket, Throwable cause) {
            failures.add(cause);
        }
    }

    /** The sockets whose messages wait for room, and at which socket. */
    public Map<Sock, Sock> paused() {
        return Map.copyOf(paused);
    }

    public SockmapEngine engine() {
        return engine;
    }

    /** The faults of programs so far. */
    public List<ProgramFault> faults() {
        return faults;
    }

    /** The failures of the engine itself, which a test expected. */
    public List<Throwable> takeFailures() {
        var taken = List.copyOf(failures);
        failures.clear();
        return taken;
    }

    /** Why programs could not insert sockets, in words. */
    public List<String> refusals() {
        return refusals;
    }

    /** What was thrown away without a verdict that says so. */
    public List<String> losses() {
        return losses;
    }

    /** Loads one of the test programs. */
    public SockmapObject load(String name) {
        return engine.load(PROGRAMS.resolve(name + ".bpf.o"));
    }

    /** Loads one of the test programs with changes. */
    public SockmapObject load(String name, LoadOptions options) {
        return engine.load(ObjectReader.read(PROGRAMS.resolve(name + ".bpf.o")), options);
    }

    /** Loads one of the examples. */
    public SockmapObject loadExample(String name) {
        return engine.load(ROOT.resolve("examples").resolve(name).resolve(name + ".bpf.o"));
    }

    // --- Connections -----------------------------------------------------------------------------

    /** A connection that was accepted, from a client of its own. */
    public Connection accepted() {
        return accepted(addresses("10.0.0.1", 80, "10.0.0.2", nextPort()));
    }

    public Connection accepted(Addresses addresses) {
        return add(new Connection(this, transport -> engine.accepted(addresses, transport)));
    }

    /** A connection to a server, from a port of its own. */
    public Connection connected() {
        return connected(addresses("10.0.0.1", nextPort(), "10.0.0.3", 8080));
    }

    public Connection connected(Addresses addresses) {
        return add(new Connection(this, transport -> engine.connected(addresses, transport)));
    }

    /** A socket of some kind that is connected to a peer; over IPv4, where there is a choice. */
    public Connection connected(SocketKind kind) {
        return switch (kind) {
            case TCP -> connected();
            case UDP -> opened(new Addresses(kind, inet("10.0.0.1"), inet("10.0.0.4")));
            case UNIX_STREAM, UNIX_DATAGRAM ->
                    opened(new Addresses(kind, unix("own"), unix("peer")));
            case VSOCK_STREAM, VSOCK_SEQPACKET ->
                    opened(new Addresses(kind, new VsockAddress(3), new VsockAddress(2)));
        };
    }

    /** A socket of another kind than TCP that is bound, and connected to nobody. */
    public Connection unconnected(SocketKind kind) {
        var local =
                switch (kind) {
                    case TCP, UDP -> inet("10.0.0.1");
                    case UNIX_STREAM, UNIX_DATAGRAM -> unix("own");
                    case VSOCK_STREAM, VSOCK_SEQPACKET -> new VsockAddress(3);
                };
        return opened(new Addresses(kind, local, null));
    }

    /** A socket of another kind than TCP. */
    public Connection opened(Addresses addresses) {
        return add(new Connection(this, transport -> engine.opened(addresses, transport)));
    }

    private InetSocketAddress inet(String literal) {
        return address(literal, nextPort());
    }

    private SocketAddress unix(String name) {
        return UnixDomainSocketAddress.of("/run/%s-%d".formatted(name, connections.size()));
    }

    /** An address of AF_VSOCK, for which Java has no class. */
    private static final class VsockAddress extends SocketAddress {
        private static final long serialVersionUID = 1L;

        private final int cid;

        VsockAddress(int cid) {
            this.cid = cid;
        }

        @Override
        public String toString() {
            return "vsock:" + cid;
        }
    }

    /** A connection between two sockets of the engine, to a server's port. */
    public Wire wire(int serverPort) {
        var there = addresses("127.0.0.1", nextPort(), "127.0.0.1", serverPort);
        var client = connected(there);
        var server = accepted(there.reversed());
        return new Wire(client, server);
    }

    private int nextPort() {
        return 40000 + connections.size();
    }

    private Connection add(Connection connection) {
        connections.add(connection);
        return connection;
    }

    public static Addresses addresses(String local, int localPort, String remote, int remotePort) {
        return new Addresses(address(local, localPort), address(remote, remotePort));
    }

    /** Of a UDP socket that is connected. */
    public static Addresses udp(String local, int localPort, String remote, int remotePort) {
        return new Addresses(
                SocketKind.UDP, address(local, localPort), address(remote, remotePort));
    }

    private static InetSocketAddress address(String literal, int port) {
        try {
            // A literal is never looked up.
            return new InetSocketAddress(InetAddress.getByName(literal), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Lets every socket receive what its peer sent, as far as it has room. */
    void settle() {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (var connection : connections) moved |= connection.peer().deliver();
        }
    }

    // --- Conservation ----------------------------------------------------------------------------

    /** Checks the accounts of every socket there ever was. */
    @Override
    public void close() {
        assertThat(failures).as("failures of the engine itself").isEmpty();
        for (var connection : connections) checkAccount(connection);
        checkTotals();
    }

    private static void checkAccount(Connection connection) {
        var account = connection.account();
        assertThat(account.balances()).as("%s balances", account).isTrue();
        for (var flow : List.of(account.receive(), account.send())) {
            assertThat(List.of(flow.in(), flow.passed(), flow.redirected(), flow.dropped()))
                    .as("%s", account)
                    .allMatch(n -> n >= 0);
            assertThat(flow.held()).as("held, %s", account).isNotNegative();
        }
        assertThat(account.ingress().waiting()).as("ingress, %s", account).isNotNegative();
        assertThat(account.egress().waiting()).as("egress, %s", account).isNotNegative();
        assertThat(account.receive().in())
                .as("received, %s", account)
                .isEqualTo(connection.peer().bytesDelivered());
        assertThat(account.egress().left())
                .as("reached the peer, %s", account)
                .isEqualTo(connection.peer().bytesTaken());
        assertThat(account.ingress().left())
                .as("read, %s", account)
                .isLessThanOrEqualTo(connection.bytesRead());
    }

    /** What judges gave away, over all sockets, is what queues, readers and judges took. */
    private void checkTotals() {
        long given = 0;
        long taken = 0;
        for (var connection : connections) {
            var account = connection.account();
            given += forwarded(account.receive()) + forwarded(account.send());
            taken += account.ingress().entered() + account.egress().entered();
            taken += connection.bytesRead() - account.ingress().left();
            taken += account.delivered();
        }
        assertThat(taken).as("bytes over all queues").isEqualTo(given);
    }

    private static long forwarded(Flow flow) {
        return flow.passed() + flow.redirected();
    }
}
