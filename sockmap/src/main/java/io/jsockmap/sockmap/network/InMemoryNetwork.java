package io.jsockmap.sockmap.network;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.ForwardingListener;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.SocketKind;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An engine with connections in memory. It has no threads: a byte moves when its user moves it, so
 * what is played on it has one outcome. {@link #violations} checks that no byte was lost or made
 * up. For one thread.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="network"}
 */
public class InMemoryNetwork implements AutoCloseable {
    private final List<Connection> connections = new ArrayList<>();
    private final List<ProgramFault> faults = Collections.synchronizedList(new ArrayList<>());
    private final Map<Sock, Sock> paused = new ConcurrentHashMap<>();
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final List<String> losses = Collections.synchronizedList(new ArrayList<>());
    private final List<String> refusals = Collections.synchronizedList(new ArrayList<>());
    private final UserEngine engine;

    /** A network of an engine with those settings, whose listener hears all that happens. */
    public InMemoryNetwork(UserEngine.Settings settings) {
        engine = UserEngine.open(settings.with(new Ears(settings.listener())));
    }

    private final class Ears extends ForwardingListener {
        Ears(SockListener listener) {
            super(listener);
        }

        @Override
        public void faulted(Sock socket, ProgramFault fault) {
            faults.add(fault);
            super.faulted(socket, fault);
        }

        @Override
        public void refused(Sock socket, BpfException refusal) {
            refusals.add(refusal.getMessage());
            super.refused(socket, refusal);
        }

        @Override
        public void lost(Sock socket, long bytes, String reason) {
            losses.add("%d bytes: %s".formatted(bytes, reason));
            super.lost(socket, bytes, reason);
        }

        @Override
        public void paused(Sock socket, Optional<Sock> target) {
            paused.put(socket, target.orElse(socket));
            super.paused(socket, target);
        }

        @Override
        public void resumed(Sock socket) {
            paused.remove(socket);
            super.resumed(socket);
        }

        /** They are told by {@link #violations}: a log would say it twice. */
        @Override
        public void failed(Sock socket, Throwable cause) {
            failures.add(cause);
        }
    }

    /** The engine, to load objects into. */
    public UserEngine engine() {
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

    /** The sockets whose messages wait for room, and at which socket. */
    public Map<Sock, Sock> paused() {
        return Map.copyOf(paused);
    }

    /** Why programs could not insert sockets, in words. */
    public List<String> refusals() {
        return refusals;
    }

    /** What was thrown away without a verdict that says so. */
    public List<String> losses() {
        return losses;
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

    int nextPort() {
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

    /**
     * What must never be: failures of the engine itself, and bytes that were lost or made up. Empty
     * if all is well.
     */
    public List<String> violations() {
        var violations = new ArrayList<String>();
        for (var failure : failures) violations.add("the engine failed: " + failure);
        violations.addAll(Conservation.violations(connections));
        return violations;
    }

    /** Resets all connections. */
    @Override
    public void close() {
        engine.close();
    }
}
