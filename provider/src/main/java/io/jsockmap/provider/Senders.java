package io.jsockmap.provider;

import java.lang.ref.WeakReference;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Who sent the datagrams that are on their way through the engine. A datagram is known by its
 * array, which it keeps unless a program makes it longer; they come out in the order in which they
 * went in, but some do not, because a program dropped them or sent them elsewhere.
 */
final class Senders {
    private record Sent(WeakReference<byte[]> bytes, SocketAddress from) {
        boolean isGone() {
            return bytes.refersTo(null);
        }
    }

    private final Deque<Sent> onTheirWay = new ArrayDeque<>();

    synchronized void add(byte[] bytes, SocketAddress from) {
        while (!onTheirWay.isEmpty() && onTheirWay.peekFirst().isGone()) onTheirWay.removeFirst();
        onTheirWay.addLast(new Sent(new WeakReference<>(bytes), from));
    }

    /** Who sent a datagram that has come out; empty if it never went in. */
    synchronized Optional<SocketAddress> of(byte[] bytes) {
        for (var sent : onTheirWay) {
            if (!sent.bytes().refersTo(bytes)) continue;
            // Those before it will not come any more.
            while (!onTheirWay.removeFirst().bytes().refersTo(bytes)) {}
            return Optional.of(sent.from());
        }
        return Optional.empty();
    }
}
