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
    private final AtomicLong cookies = new AtomicLong();
    private final Map<Long, Sock> sockets = new ConcurrentHashMap<>();

    /**
     * @param machine what runs programs
     * @param environment what programs learn of the world
     * @param listener hears what happens to all sockets
     */
    public SockTable(
            Machine machine, Environment environment, SockListener listener, Limits limits) {
        judge = new Judge(machine, environment, listener);
        this.limits = limits;
    }

    /** A socket for a connection that is established. */
    public Sock open(Addresses addresses, Transport transport) {
        var socket = new Sock(cookies.incrementAndGet(), addresses, transport, limits, judge);
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
