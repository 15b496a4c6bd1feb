package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** What a socket tells of its bytes to a {@link WireListener}, if there is one. */
final class Tap {
    private static final Tap OFF = new Tap(null, null);

    private final Sock socket;
    private final WireListener listener;

    /** What was taken to be written and is not written yet. Used by the transport's thread only. */
    private final Deque<Chunk> taken = new ArrayDeque<>();

    /** Whether the end of stream was taken; it is told behind the last byte. */
    private boolean ending;

    private volatile boolean outputEnded;

    /** Whether this side closed the connection in order, so that what follows breaks nothing. */
    private volatile boolean closing;

    private boolean closed;

    private Tap(Sock socket, WireListener listener) {
        this.socket = socket;
        this.listener = listener;
    }

    static Tap of(Sock socket, Optional<WireListener> listener) {
        return listener.map(listening -> new Tap(socket, listening)).orElse(OFF);
    }

    boolean isOn() {
        return listener != null;
    }

    void opened() {
        if (isOn()) listener.opened(socket);
    }

    void received(Chunk bytes) {
        if (isOn()) listener.received(socket, bytes);
    }

    void inputEnded() {
        if (isOn()) listener.inputEnded(socket);
    }

    /** What the transport is about to do. */
    Egress take(Egress next) {
        if (!isOn()) return next;
        switch (next) {
            case Egress.Bytes(var chunk) -> {
                // Once they are written they are nowhere else.
                chunk.fetch();
                taken.add(chunk);
            }
            case Egress.End _ -> endOutput();
            case Egress.Close _ -> {
                endOutput();
                closing = true;
            }
            case Egress.Abort _, Egress.Nothing _ -> {}
        }
        return next;
    }

    /** A transport may take the end while the last bytes are still being written. */
    private void endOutput() {
        ending = true;
        tellEnd();
    }

    private void tellEnd() {
        if (!ending || outputEnded || !taken.isEmpty()) return;
        outputEnded = true;
        listener.outputEnded(socket);
    }

    void written(int count) {
        if (!isOn()) return;
        for (var part : takeAway(count)) listener.written(socket, part);
        tellEnd();
    }

    void lost(int count) {
        if (!isOn()) return;
        takeAway(count);
        tellEnd();
    }

    /** The next bytes that were taken; of datagrams the next, which may be empty. */
    private Deque<Chunk> takeAway(int count) {
        Deque<Chunk> parts = new ArrayDeque<>();
        int left = count;
        while (!taken.isEmpty() && (left > 0 || parts.isEmpty())) {
            var chunk = taken.poll();
            int part = Math.min(left, chunk.length());
            if (part < chunk.length()) taken.addFirst(chunk.from(part));
            parts.add(chunk.first(part));
            left -= part;
        }
        return parts;
    }

    void broke(Errno errno) {
        if (isOn() && !closing) listener.broke(socket, errno);
    }

    void closed(boolean reset) {
        if (!isOn() || closed) return;
        closed = true;
        listener.closed(socket, reset);
    }
}
