package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Machine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The sockets of an engine, from their connection to their end. */
public final class SockTable {
    private final Judge judge;
    private final Limits limits;
    private final Delivery delivery;
    private final AtomicLong cookies = new AtomicLong();
    private final Map<Long, Sock> sockets = new ConcurrentHashMap<>();

    /**
     * @param machine what runs programs
     * @param environment what programs learn of the world
     * @param listener hears what happens to all sockets
     * @param limits how much memory each socket may take
     * @param delivery how much of a message programs see at once
     */
    public SockTable(
            Machine machine,
            Environment environment,
            SockListener listener,
            Limits limits,
            Delivery delivery) {
        judge = new Judge(machine, environment, listener);
        this.limits = limits;
        this.delivery = delivery;
    }

    /** A socket of some state. */
    public Sock open(Addresses addresses, TcpState state, Transport transport) {
        var socket =
                new Sock(
                        cookies.incrementAndGet(),
                        addresses,
                        state,
                        transport,
                        limits,
                        delivery,
                        judge);
        sockets.put(socket.cookie(), socket);
        return socket;
    }

    /** Forgets a socket whose connection is closed. */
    public void forget(Sock socket) {
        sockets.remove(socket.cookie());
    }

    /** The sockets there are now. */
    public List<Sock> all() {
        return List.copyOf(sockets.values());
    }
}
