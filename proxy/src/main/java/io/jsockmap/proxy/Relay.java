package io.jsockmap.proxy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.proxy.carry.Carrier;
import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.setup.Insertion;
import io.jsockmap.sockmap.socket.Account;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One connection of the proxy: a client and its upstreams. It is the application of all of them:
 * what the programs pass it carries over, client to first upstream and any upstream to client; it
 * passes on the end of a stream and closes all together. What the programs redirect it never sees.
 *
 * <p>Runs on the thread that its {@link Carrier}s share.
 */
final class Relay {
    static final String CLIENT = "client";

    /** Hears of a relay's end. */
    interface Ended {
        /**
         * All sockets of the relay are closed.
         *
         * @param problem what went wrong, empty if nothing did
         * @param accounts what became of the bytes, by socket
         */
        void ended(Relay relay, String problem, Map<String, Account> accounts);
    }

    private final Ended listener;
    private final int slot;

    /** Replaced as a whole, so that accounts can be read from any thread. */
    private volatile Map<String, Side> sides = Map.of();

    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private int open;
    private boolean started;
    private boolean closing;
    private String problem = "";

    Relay(Ended listener, int slot) {
        this.listener = listener;
        this.slot = slot;
    }

    static String upstreamName(int index) {
        return index == 0 ? "upstream" : "upstream" + (index + 1);
    }

    /** One of its sockets. */
    private final class Side implements Carrier.Application {
        final String name;
        final Sock socket;
        final Carrier carrier;
        boolean sending;
        boolean ended;
        boolean outputEnded;
        boolean closed;

        Side(String name, Sock socket, Carrier carrier) {
            this.name = name;
            this.socket = socket;
            this.carrier = carrier;
        }

        @Override
        public void readable() {
            serve(this);
        }

        @Override
        public void outputEnded() {
            outputEnded = true;
            closeIfDone();
        }

        @Override
        public void closed() {
            Relay.this.closed(this);
        }
    }

    void add(String name, Sock socket, Carrier carrier) {
        var side = new Side(name, socket, carrier);
        var more = new LinkedHashMap<>(sides);
        more.put(name, side);
        sides = more;
        open++;
        carrier.serve(side);
    }

    int slot() {
        return slot;
    }

    /** The sockets by name. */
    Map<String, Sock> sockets() {
        Map<String, Sock> sockets = new LinkedHashMap<>();
        sides.forEach((name, side) -> sockets.put(name, side.socket));
        return sockets;
    }

    /** Inserts the sockets and lets the bytes flow; before that nothing has been read. */
    void start(List<Insertion> insertions) {
        var connection = new NamedSockets(slot, sockets(), CLIENT);
        try {
            insertions.forEach(insertion -> insertion.insert(connection));
        } catch (BpfException e) {
            abort(e.getMessage());
            return;
        }
        started = true;
        for (var side : sides.values()) {
            side.carrier.startReading();
            // Another connection may have redirected something here already.
            serve(side);
        }
    }

    /** Does what an application does that finds its socket readable. */
    private void serve(Side side) {
        while (started && !closing && !side.sending && !side.closed) {
            switch (side.socket.take()) {
                case Ingress.Bytes(var chunk) -> forward(side, chunk);
                case Ingress.Nothing _ -> {
                    return;
                }
                case Ingress.End _ -> {
                    if (!side.ended) end(side);
                    return;
                }
                case Ingress.Failed(int errno) -> {
                    // A side that has ended can still break, and then takes no more either.
                    if (!side.ended || isWanted(side)) {
                        abort("%s: %s".formatted(side.name, Errno.nameOf(errno)));
                    }
                    return;
                }
            }
        }
    }

    private static boolean isWanted(Side side) {
        return !isUpstream(side) || side.socket.isUsed();
    }

    private void forward(Side from, Chunk chunk) {
        var to = from.name.equals(CLIENT) ? sides.get(upstreamName(0)) : sides.get(CLIENT);
        // Without an upstream the proxy is a sink for what the programs pass.
        if (to == null) {
            chunk.drop();
            return;
        }
        from.sending = true;
        to.socket.send(chunk, (_, errno) -> from.carrier.execute(() -> forwarded(from, to, errno)));
    }

    private void forwarded(Side from, Side to, int errno) {
        from.sending = false;
        if (closing) return;
        if (errno == 0) {
            serve(from);
        } else if (to.closed || to.ended && errno == Errno.EPIPE.number()) {
            abort("%s closed before it took all of %s".formatted(to.name, from.name));
        } else {
            refuse("send to %s: %s".formatted(to.name, Errno.nameOf(errno)));
        }
    }

    /** Passes the end of a stream on, behind the bytes that were redirected or carried over. */
    private void end(Side side) {
        side.ended = true;
        if (side.name.equals(CLIENT)) {
            endUpstreams();
            // Without an upstream the end comes back like an echo.
            if (sides.size() == 1) side.socket.shutdownOutput();
        } else if (answered()) {
            sides.get(CLIENT).socket.shutdownOutput();
        }
        closeIfDone();
    }

    private void endUpstreams() {
        for (var side : sides.values()) {
            if (isUpstream(side)) side.socket.shutdownOutput();
        }
    }

    /** Whether no upstream has more to say: of those that matter, if any does. */
    private boolean answered() {
        boolean used = isAnyUpstreamUsed();
        for (var side : sides.values()) {
            // One that got nothing and said nothing says nothing by closing either.
            if (isUpstream(side) && !side.ended && (!used || side.socket.isUsed())) return false;
        }
        return true;
    }

    private boolean isAnyUpstreamUsed() {
        for (var side : sides.values()) {
            if (isUpstream(side) && side.socket.isUsed()) return true;
        }
        return false;
    }

    private static boolean isUpstream(Side side) {
        return !side.name.equals(CLIENT);
    }

    /** Closes when both directions have come to their end and nothing waits to be written. */
    private void closeIfDone() {
        var client = sides.get(CLIENT);
        if (client.ended && client.outputEnded && answered() && isWritten()) closeAll();
    }

    private boolean isWritten() {
        for (var side : sides.values()) {
            if (isUpstream(side) && side.socket.isUsed() && !side.outputEnded) return false;
        }
        return true;
    }

    private void closeAll() {
        closing = true;
        for (var side : sides.values()) {
            if (!side.closed) side.socket.close();
        }
    }

    /** A program refused what the client or an upstream sent: all is closed, in order. */
    private void refuse(String reason) {
        note(reason);
        closeAll();
    }

    /** Something broke: all is reset, so that nobody takes what came so far for the whole. */
    void abort(String reason) {
        closing = true;
        note(reason);
        for (var side : sides.values()) {
            if (!side.closed) side.socket.abort();
        }
    }

    /** The same from any thread. */
    void abortSoon(String reason) {
        sides.get(CLIENT).carrier.execute(() -> abort(reason));
    }

    /** Whether it is over, so that nothing may be added any more. */
    boolean isClosing() {
        return closing;
    }

    private void note(String reason) {
        if (problem.isEmpty()) problem = reason;
    }

    private void closed(Side side) {
        if (side.closed) return;
        side.closed = true;
        // Whoever closed the connection, nobody else takes the socket out of its maps.
        side.socket.close();
        accounts.put(side.name, side.socket.account());
        if (--open == 0) {
            listener.ended(this, problem, accounts());
            return;
        }
        if (closing || side.ended && !isWanted(side)) return;
        abort("%s: connection reset".formatted(side.name));
    }

    private Map<String, Account> accounts() {
        Map<String, Account> ordered = new LinkedHashMap<>();
        for (var name : new ArrayList<>(sides.keySet())) {
            if (accounts.containsKey(name)) ordered.put(name, accounts.get(name));
        }
        return ordered;
    }

    /** What became of the bytes so far, by socket; on any thread. */
    Map<String, Account> currentAccounts() {
        Map<String, Account> current = new LinkedHashMap<>();
        sides.forEach((name, side) -> current.put(name, side.socket.account()));
        return current;
    }
}
