package io.jsockmap.sockmap.program;

import io.jsockmap.sockmap.socket.Sock;

import java.util.Arrays;

/** An event of a connection: the object behind {@code struct bpf_sock_ops}. */
public final class SockOps {
    /** BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB: the connection that this side asked for is there. */
    public static final int ACTIVE_ESTABLISHED = 4;

    /** BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB: a connection was accepted. */
    public static final int PASSIVE_ESTABLISHED = 5;

    /** BPF_SOCK_OPS_STATE_CB: the state changes; called only where the program asked for it. */
    public static final int STATE_CHANGED = 10;

    /** BPF_SOCK_OPS_STATE_CB_FLAG. */
    public static final int STATE_FLAG = 4;

    private static final int ALL_FLAGS = 127;
    private static final int ARGUMENTS = 4;

    private final Sock socket;
    private final int op;
    private final int[] arguments;
    private long hash;

    /**
     * @param op one of the numbers above
     * @param arguments up to four, as the kernel gives them for the op
     */
    public SockOps(Sock socket, int op, int... arguments) {
        this.socket = socket;
        this.op = op;
        this.arguments = Arrays.copyOf(arguments, ARGUMENTS);
    }

    Sock socket() {
        return socket;
    }

    int op() {
        return op;
    }

    long argument(int place) {
        return Integer.toUnsignedLong(arguments[place]);
    }

    /** The answer shares its place with the first argument. */
    void reply(long value) {
        arguments[0] = (int) value;
    }

    long hash() {
        return hash;
    }

    void setHash(long value) {
        hash = value;
    }

    boolean isEstablishing() {
        return op == ACTIVE_ESTABLISHED || op == PASSIVE_ESTABLISHED;
    }

    /** Sets the callbacks that the program wants, and gives back the bits that there are not. */
    long setFlags(long flags) {
        socket.setOperationFlags((int) flags & ALL_FLAGS);
        return flags & ~ALL_FLAGS & 0xffff_ffffL;
    }
}
