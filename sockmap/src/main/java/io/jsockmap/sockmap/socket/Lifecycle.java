package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

/**
 * Where a socket stands between its beginning and its end, and what is wrong with it. Changed in
 * the socket's mailbox, except where it says otherwise; its state may be asked for anywhere.
 */
final class Lifecycle {
    private final Sock socket;
    private final SockListener listener;
    private volatile TcpState state;
    private volatile boolean closed;
    private volatile boolean inputShut;
    private volatile int broken;
    private volatile boolean gone;
    private int error;

    Lifecycle(Sock socket, TcpState state, SockListener listener) {
        this.socket = socket;
        this.state = state;
        this.listener = listener;
    }

    TcpState state() {
        return state;
    }

    /** Whether the application has closed the socket. */
    boolean isClosed() {
        return closed;
    }

    /** Whether the connection broke. */
    boolean isBroken() {
        return broken != 0;
    }

    /** Whether nothing can be written any more. */
    boolean isOver() {
        return broken != 0 || gone;
    }

    /** Whether the application wants no more than what is queued. */
    boolean isInputShut() {
        return inputShut;
    }

    // --- What happens to it ----------------------------------------------------------------------

    /** The connection is there: a socket that waited for it is established; on any thread. */
    void established() {
        if (!move(TcpState.SYN_SENT, TcpState.ESTABLISHED)) {
            move(TcpState.SYN_RECV, TcpState.ESTABLISHED);
        }
    }

    /** The peer sends no more. */
    void inputEnds() {
        if (state == TcpState.ESTABLISHED) change(TcpState.CLOSE_WAIT);
        if (state == TcpState.FIN_WAIT1) change(TcpState.FIN_WAIT2);
    }

    /** The peer will be sent no more than what is queued. */
    void outputEnds() {
        if (state == TcpState.ESTABLISHED) change(TcpState.FIN_WAIT1);
        if (state == TcpState.CLOSE_WAIT) change(TcpState.LAST_ACK);
    }

    /** The application wants no more than what is queued; on any thread. */
    void shutInput() {
        inputShut = true;
    }

    void close() {
        closed = true;
    }

    /** After {@link #close}: both directions are at their end. */
    void closes() {
        outputEnds();
        if (state == TcpState.LISTEN || state == TcpState.SYN_SENT) change(TcpState.CLOSE);
    }

    /** The connection broke. */
    void breaks(Errno errno) {
        broken = errno.number();
        error = broken;
    }

    /** After {@link #breaks}: nothing waits any more. */
    void ends() {
        change(TcpState.CLOSE);
    }

    /** The connection is closed. */
    void detach() {
        change(TcpState.CLOSE);
        gone = true;
    }

    private void change(TcpState to) {
        // Between established and closed there is nothing but for TCP.
        if (socket.kind() != SocketKind.TCP && to != TcpState.CLOSE) return;
        while (state != to) {
            if (move(state, to)) return;
        }
    }

    /** Sockets are established outside of the mailbox, where others may break them meanwhile. */
    private boolean move(TcpState from, TcpState to) {
        synchronized (this) {
            if (state != from) return false;
            state = to;
        }
        listener.stateChanged(socket, from, to);
        return true;
    }

    // --- What is wrong with it -------------------------------------------------------------------

    /** Sets the socket's error, which the next read or send reports (SO_ERROR). */
    void raise(int errno) {
        error = errno;
    }

    /** The socket's error, or 0. */
    int error() {
        return error;
    }

    /** {@link #error}, which is reported by this. */
    int takeError() {
        int taken = error;
        error = 0;
        return taken;
    }

    /** Whether {@link #sendError} has nothing to say. */
    boolean maySend(boolean ending) {
        return !closed && broken == 0 && error == 0 && !ending && !gone;
    }

    /**
     * Why nothing can be sent, or 0; an error that is reported once is reported by this.
     *
     * @param ending whether the application has ended the stream
     */
    int sendError(boolean ending) {
        if (closed) return Errno.EBADF.number();
        if (broken != 0) return broken;
        if (error != 0) return takeError();
        return ending || gone ? Errno.EPIPE.number() : 0;
    }
}
