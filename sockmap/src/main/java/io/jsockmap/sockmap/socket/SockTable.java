package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The sockets of an engine, from their connection to their end.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TransportExamples" region="table"}
 */
public final class SockTable {
    private static final List<InetAddress> ANY_ADDRESS = List.of(any(4), any(16));

    private final Machine machine;
    private final Environment environment;
    private final Limits limits;
    private final Delivery delivery;
    private final AtomicLong cookies = new AtomicLong();
    private final Map<Long, Sock> sockets = new ConcurrentHashMap<>();
    private final Map<Ends, Sock> byEnds = new ConcurrentHashMap<>();

    /**
     * @param machine what runs programs
     * @param environment what programs learn of the world
     * @param limits how much memory each socket may take
     * @param delivery how much of a message programs see at once
     */
    public SockTable(Machine machine, Environment environment, Limits limits, Delivery delivery) {
        this.machine = machine;
        this.environment = environment;
        this.limits = limits;
        this.delivery = delivery;
    }

    /** What a socket is found by; the newest counts where several have the same. */
    private record Ends(SocketKind kind, SocketAddress local, SocketAddress remote) {
        static Ends of(Sock socket) {
            var addresses = socket.addresses();
            return new Ends(socket.kind(), addresses.local(), addresses.remote());
        }
    }

    Limits limits() {
        return limits;
    }

    Delivery delivery() {
        return delivery;
    }

    /** A socket of some state; the listener hears what happens to it. */
    public Sock open(
            Addresses addresses, TcpState state, Transport transport, SockListener listener) {
        var judge = new Judge(machine, environment, listener);
        var socket = new Sock(this, cookies.incrementAndGet(), addresses, state, transport, judge);
        sockets.put(socket.cookie(), socket);
        byEnds.put(Ends.of(socket), socket);
        if (state == TcpState.ESTABLISHED) socket.opened();
        return socket;
    }

    /** Forgets a socket whose connection is closed. */
    public void forget(Sock socket) {
        sockets.remove(socket.cookie());
        byEnds.remove(Ends.of(socket), socket);
    }

    /** The sockets there are now. */
    public List<Sock> all() {
        return List.copyOf(sockets.values());
    }

    /**
     * The socket to which the kernel would give a packet: the one with these ends, else one without
     * a peer (a TCP socket that listens, a UDP socket that is not connected) at the local address
     * and port, else one at any address with the local port.
     *
     * @param kind TCP or UDP
     * @param local the end of the socket that is looked for
     * @param remote the end of its peer
     */
    public Optional<Sock> find(SocketKind kind, InetSocketAddress local, InetSocketAddress remote) {
        return at(kind, local, remote)
                .or(() -> at(kind, local, null))
                .or(
                        () ->
                                ANY_ADDRESS.stream()
                                        .filter(any -> takes(any, local.getAddress()))
                                        .map(any -> new InetSocketAddress(any, local.getPort()))
                                        .flatMap(any -> at(kind, any, null).stream())
                                        .findFirst());
    }

    private Optional<Sock> at(SocketKind kind, SocketAddress local, SocketAddress remote) {
        return Optional.ofNullable(byEnds.get(new Ends(kind, local, remote)))
                .filter(socket -> kind == SocketKind.UDP || socket.state() != TcpState.CLOSE);
    }

    /** IPv6 sockets that are bound to no address take IPv4 too, but not the other way round. */
    private static boolean takes(InetAddress any, InetAddress local) {
        return any.getAddress().length >= local.getAddress().length;
    }

    private static InetAddress any(int bytes) {
        try {
            return InetAddress.getByAddress(new byte[bytes]);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
