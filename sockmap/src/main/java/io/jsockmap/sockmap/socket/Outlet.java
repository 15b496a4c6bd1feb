package io.jsockmap.sockmap.socket;

/**
 * What a socket's transport has to do for it: bytes to write, and the end behind them, which it is
 * told once.
 */
final class Outlet {
    private final ByteQueue queue;
    private final Transport transport;
    private volatile boolean ending;
    private volatile boolean closing;
    private volatile boolean aborting;

    // What the transport has been told. Used by the transport's thread only.
    private boolean toldAbort;
    private boolean toldEnd;
    private boolean toldClose;

    Outlet(long limit, Transport transport) {
        queue = new ByteQueue(limit);
        this.transport = transport;
    }

    /** Bytes to be written. */
    ByteQueue queue() {
        return queue;
    }

    /** Has the transport look. */
    void ready() {
        transport.egressReady();
    }

    /** The end of stream comes behind what is queued now. */
    void end() {
        ending = true;
    }

    boolean isEnding() {
        return ending;
    }

    /** The connection is closed behind what is queued now. */
    void close() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    /** The connection is reset, whatever is queued. */
    void abort() {
        aborting = true;
    }

    boolean isAborting() {
        return aborting;
    }

    /** As {@link Sock#takeEgress}. */
    Egress next() {
        if (aborting) {
            if (toldAbort) return new Egress.Nothing();
            toldAbort = true;
            return new Egress.Abort();
        }
        // Read before the queue is looked at: what was queued before them is then on the queue.
        boolean closes = closing;
        boolean ends = ending;
        var chunk = queue.take();
        if (chunk != null) return new Egress.Bytes(chunk);
        if (ends && !toldEnd) {
            toldEnd = true;
            return new Egress.End();
        }
        if (closes && !toldClose) {
            toldClose = true;
            return new Egress.Close();
        }
        return new Egress.Nothing();
    }
}
