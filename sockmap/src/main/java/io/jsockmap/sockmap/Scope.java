package io.jsockmap.sockmap;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.Succession;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.program.SockOps;
import io.jsockmap.sockmap.program.SocketPrograms;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Advice;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SockTable;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.TcpState;
import io.jsockmap.sockmap.socket.Transport;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * A part of an engine to which sock_ops programs are attached: what a cgroup is to the kernel.
 * Scopes nest. The programs of a scope hear of the TCP sockets that are opened in it and in the
 * scopes within it; a socket's own scope comes first, those around it follow.
 *
 * <p>These callbacks are made: TIMEOUT_INIT, RWND_INIT, TCP_CONNECT, ACTIVE_ESTABLISHED,
 * PASSIVE_ESTABLISHED, NEEDS_ECN, TCP_LISTEN and, where a program asked for it, STATE. What happens
 * inside of the kernel's TCP is not seen from user space, so RTO, RETRANS, RTT, BASE_RTT, the
 * callbacks of header options and those of time stamps never come, although their flags can be set.
 *
 * <p>All methods may be called from any thread; programs have run before a method returns.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.EngineExamples" region="scope"}
 */
public final class Scope {
    /** In the kernel's order. */
    private static final List<Advice> QUESTIONS =
            List.of(Advice.RWND_INIT, Advice.TIMEOUT_INIT, Advice.NEEDS_ECN);

    private final String path;
    private final SockTable sockets;
    private final ConnectionEvents events;
    private final Map<String, Scope> children = new ConcurrentHashMap<>();

    private Scope(String path, SockTable sockets, ConnectionEvents events) {
        this.path = path;
        this.sockets = sockets;
        this.events = events;
    }

    static Scope root(SockTable sockets, ConnectionEvents events) {
        return new Scope("/", sockets, events);
    }

    /**
     * The scope of that name within this one; made when it is first asked for.
     *
     * @param name not empty, without a slash
     */
    public Scope scope(String name) {
        if (name.isEmpty() || name.contains("/")) {
            throw new IllegalArgumentException(
                    "a scope's name is not empty and has no slash: '%s'".formatted(name));
        }
        return children.computeIfAbsent(
                name, _ -> new Scope(path + name + "/", sockets, events.inner()));
    }

    /**
     * Lets a sock_ops program hear of the connections of this scope from now on; behind those of
     * the same scope that do already (BPF_F_ALLOW_MULTI).
     *
     * @return takes the program away again when closed
     * @throws BpfException EINVAL for a program of another type
     */
    public Attachment attach(Program sockOps) {
        if (!sockOps.type().equals(SocketPrograms.SOCK_OPS)) {
            throw new BpfException(
                    Errno.EINVAL,
                    "program %s can't be attached to the engine, which takes sock_ops programs: attach it to a map"
                            .formatted(sockOps));
        }
        return events.attach(sockOps);
    }

    /**
     * Puts an object in the place of another under traffic. Sockets move from the maps of the one
     * to those of the same name of the other, under the same keys and with the programs that are
     * attached there; the other's sock_ops programs hear of connections in place of the one's, and
     * are not to be attached before. No byte is lost, and each message is judged by the programs of
     * one object: one that was begun is finished by those that began it, or judged from its first
     * byte. Maps that nothing follows are left. The one may be closed afterwards.
     *
     * @param more places that sockets get besides, in maps that follow no other
     * @throws BpfException EINVAL if a map can't hold what that of the same name can; EBUSY,
     *     EOPNOTSUPP, EEXIST or E2BIG if a socket can't move; nothing has changed then
     */
    public void replace(
            UserObject object, UserObject successor, Map<Sock, List<Succession.Place>> more) {
        var heirs = heirs(object, successor);
        new Succession(heirs, ending(object, successor, heirs.keySet()), more).run();
        var sockOps =
                successor.programs().values().stream()
                        .filter(program -> program.type().equals(SocketPrograms.SOCK_OPS))
                        .toList();
        events.exchange(object.programs().values(), sockOps);
    }

    private static Map<UserSocketMap, UserSocketMap> heirs(
            UserObject object, UserObject successor) {
        Map<UserSocketMap, UserSocketMap> heirs = new LinkedHashMap<>();
        for (var map : object.socketMaps()) {
            for (var heir : successor.socketMaps()) {
                if (heir.name().equals(map.name()) && heir.id() != map.id()) heirs.put(map, heir);
            }
        }
        return heirs;
    }

    /** Maps of the one that the other has not, neither by name nor as one that both share. */
    private static Set<UserSocketMap> ending(
            UserObject object, UserObject successor, Set<UserSocketMap> followed) {
        return object.socketMaps().stream()
                .filter(map -> !followed.contains(map) && !map.definition().pinnedByName())
                .filter(map -> !successor.socketMaps().contains(map))
                .collect(Collectors.toSet());
    }

    /** The programs that are attached to this scope itself, in the order in which they run. */
    public List<Program> attached() {
        return events.attached();
    }

    /** The scopes within this one, in the order of their names. */
    public List<Scope> children() {
        return children.values().stream().sorted(Comparator.comparing(Scope::toString)).toList();
    }

    /**
     * A socket that asks for a connection: in state SYN_SENT until {@link Sock#established} or
     * {@link Sock#failed} tells what came of it. Callbacks: TCP_CONNECT, RWND_INIT, TIMEOUT_INIT,
     * NEEDS_ECN; at established STATE, where it is asked for, and ACTIVE_ESTABLISHED.
     */
    public Sock connecting(Addresses addresses, Transport transport) {
        var socket = open(addresses.asConnecting(), TcpState.SYN_SENT, transport);
        if (events.isDeaf()) return socket;
        events.call(SockOps.of(socket, SockOps.CONNECT), socket);
        for (var advice : QUESTIONS) ask(advice, SockOps.of(socket, advice.op()), transport);
        return socket;
    }

    /** A socket for a connection that this side asked for, with all its callbacks at once. */
    public Sock connected(Addresses addresses, Transport transport) {
        var socket = connecting(addresses, transport);
        socket.established();
        return socket;
    }

    /**
     * A socket for a connection that was accepted. Callbacks: RWND_INIT, TIMEOUT_INIT, NEEDS_ECN
     * for the request, of which programs see little; PASSIVE_ESTABLISHED, while the state is
     * SYN_RECV; STATE, where it is asked for.
     */
    public Sock accepted(Addresses addresses, Transport transport) {
        return accepted(Optional.empty(), addresses, transport);
    }

    /**
     * A socket for a connection that was accepted by a listening socket of this scope. It inherits
     * the callbacks that are asked for there and the values of maps with BPF_F_CLONE, and neither
     * programs nor entries in maps.
     */
    public Sock accepted(Sock listening, Addresses addresses, Transport transport) {
        return accepted(Optional.of(listening), addresses, transport);
    }

    private Sock accepted(Optional<Sock> listening, Addresses addresses, Transport transport) {
        var socket = open(addresses, TcpState.SYN_RECV, transport);
        if (!events.isDeaf()) askAtRequest(socket, transport);
        listening.ifPresent(from -> inherit(socket, from));
        events.call(SockOps.of(socket, SockOps.PASSIVE_ESTABLISHED), socket);
        socket.established();
        return socket;
    }

    private void askAtRequest(Sock socket, Transport transport) {
        for (var advice : QUESTIONS) ask(advice, SockOps.ofRequest(socket, advice.op()), transport);
    }

    private static void inherit(Sock socket, Sock listening) {
        socket.setCallbackFlags(listening.callbackFlags());
        listening.storage().copyTo(socket.storage());
    }

    private void ask(Advice advice, SockOps event, Transport transport) {
        int answer = events.call(event, event.socket());
        if (answer > 0) transport.advise(advice, answer);
    }

    /**
     * A TCP socket that listens: it may be in maps, but nothing is redirected to it, and its
     * programs never run. The engine forgets it when it is closed. Callback: TCP_LISTEN.
     *
     * @param addresses without a remote end
     */
    public Sock listening(Addresses addresses) {
        if (addresses.kind() != SocketKind.TCP || addresses.remote() != null) {
            throw new IllegalArgumentException(
                    "a listening socket is of TCP and has no peer: " + addresses);
        }
        var transport = new Listening(sockets);
        var socket = sockets.open(addresses, TcpState.LISTEN, transport, events);
        transport.carry(socket);
        events.call(SockOps.of(socket, SockOps.LISTEN), socket);
        return socket;
    }

    /** Nothing comes and goes but the close. */
    private static final class Listening implements Transport {
        private final SockTable sockets;
        private volatile Sock socket;

        Listening(SockTable sockets) {
            this.sockets = sockets;
        }

        void carry(Sock listening) {
            socket = listening;
            // Somebody who closes all sockets may have come before.
            if (listening.state() == TcpState.CLOSE) egressReady();
        }

        /** The only thing that a listening socket has to write is its end. */
        @Override
        public void egressReady() {
            if (socket != null) sockets.forget(socket);
        }

        @Override
        public void receiveReady() {}

        @Override
        public void readReady() {}
    }

    /**
     * A socket of another kind than TCP: of datagrams, of a UNIX or vsock stream that is connected.
     * No sock_ops program hears of it.
     */
    public Sock opened(Addresses addresses, Transport transport) {
        if (addresses.kind() == SocketKind.TCP) {
            throw new IllegalArgumentException(
                    "TCP sockets are connected or accepted: " + addresses);
        }
        var state = addresses.remote() == null ? TcpState.CLOSE : TcpState.ESTABLISHED;
        return sockets.open(addresses, state, transport, events);
    }

    private Sock open(Addresses addresses, TcpState state, Transport transport) {
        if (addresses.remote() == null) {
            throw new IllegalArgumentException("a connection has a peer: " + addresses);
        }
        return sockets.open(addresses, state, transport, events);
    }

    /** The names from the engine's root on, each with a slash behind it. */
    @Override
    public String toString() {
        return path;
    }
}
