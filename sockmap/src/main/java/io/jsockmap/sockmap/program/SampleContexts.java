package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.compiler.Rehearsal;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Samples;
import io.jsockmap.sockmap.socket.Sock;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Contexts of messages and events that never happened, to try programs out on. */
public final class SampleContexts implements Rehearsal.Contexts {
    private static final int CLIENT_PORT = 40000;

    @Override
    public Optional<Region> make(ProgramType type, int turn) {
        if (type.equals(SocketPrograms.SK_MSG)) {
            return context(type, Samples.sent(socket(turn), turn));
        }
        if (type.equals(SocketPrograms.SK_SKB)) {
            return context(type, Samples.received(socket(turn), turn));
        }
        if (type.equals(SocketPrograms.SOCK_OPS)) {
            int op = turn % 2 == 0 ? SockOps.ACTIVE_ESTABLISHED : SockOps.PASSIVE_ESTABLISHED;
            return context(type, SockOps.of(socket(turn), op));
        }
        return Optional.empty();
    }

    private static Sock socket(int turn) {
        var loopback = InetAddress.getLoopbackAddress();
        int server = turn % 2 == 0 ? 80 : 443;
        return Samples.socket(
                new Addresses(
                        new InetSocketAddress(loopback, server),
                        new InetSocketAddress(loopback, CLIENT_PORT + turn % 1000)));
    }

    private static <C> Optional<Region> context(ProgramType type, C context) {
        // The type was compared: the layout is of such contexts.
        @SuppressWarnings("unchecked")
        var layout = (ContextLayout<C>) type.context();
        return Optional.of(new ContextRegion<>("context", layout, context));
    }
}
