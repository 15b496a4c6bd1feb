package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.TcpState;

import java.util.Arrays;

/**
 * An event of a connection: the object behind {@code struct bpf_sock_ops}. All programs that hear
 * of the event share it, one after the other.
 */
public final class SockOps {
    /** BPF_SOCK_OPS_TCP_CONNECT_CB: this side is about to ask for a connection. */
    public static final int CONNECT = 3;

    /** BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB: the connection that this side asked for is there. */
    public static final int ACTIVE_ESTABLISHED = 4;

    /** BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB: a connection was accepted. */
    public static final int PASSIVE_ESTABLISHED = 5;

    /** BPF_SOCK_OPS_STATE_CB: the state changes; called only where the program asked for it. */
    public static final int STATE_CHANGED = 10;

    /** BPF_SOCK_OPS_TCP_LISTEN_CB: a socket listens. */
    public static final int LISTEN = 11;

    /** BPF_SOCK_OPS_STATE_CB_FLAG. */
    public static final int STATE_FLAG = 4;

    private static final int ALL_FLAGS = 127;
    private static final int ARGUMENTS = 4;

    private final Sock socket;
    private final int op;
    private final boolean full;
    private final TcpState state;
    private final int[] arguments;
    private long hash;

    private SockOps(Sock socket, int op, boolean full, TcpState state, int... arguments) {
        this.socket = socket;
        this.op = op;
        this.full = full;
        this.state = state;
        this.arguments = Arrays.copyOf(arguments, ARGUMENTS);
    }

    /** An event of a socket. */
    public static SockOps of(Sock socket, int op) {
        return new SockOps(socket, op, true, socket.state());
    }

    /** STATE_CHANGED: the state that the context shows is still the old one. */
    public static SockOps stateChange(Sock socket, TcpState from, TcpState to) {
        return new SockOps(socket, STATE_CHANGED, true, from, from.number(), to.number());
    }

    /** An event of a connection that comes in and for which there is no socket yet. */
    public static SockOps ofRequest(Sock socket, int op) {
        return new SockOps(socket, op, false, TcpState.NEW_SYN_RECV);
    }

    public Sock socket() {
        return socket;
    }

    int op() {
        return op;
    }

    /** False for a connection that comes in: of it only addresses and state are known. */
    boolean isFull() {
        return full;
    }

    long state() {
        return state.number();
    }

    long argument(int place) {
        return Integer.toUnsignedLong(arguments[place]);
    }

    /** The answer shares its place with the first argument. */
    void setReply(long value) {
        arguments[0] = (int) value;
    }

    /** What the programs answered. */
    public int reply() {
        return arguments[0];
    }

    long hash() {
        return full ? hash : 0;
    }

    void setHash(long value) {
        hash = value;
    }

    /** Whether the socket may be put into maps. */
    boolean mayUpdateMaps() {
        return op == ACTIVE_ESTABLISHED || op == PASSIVE_ESTABLISHED || op == LISTEN;
    }

    long flags() {
        return full ? socket.callbackFlags() : 0;
    }

    /** Sets the callbacks that the program wants, and gives back the bits that there are not. */
    long setFlags(long wanted) {
        if (!full) return Errno.EINVAL.negative();
        socket.setCallbackFlags((int) wanted & ALL_FLAGS);
        return (int) wanted & ~ALL_FLAGS;
    }
}
