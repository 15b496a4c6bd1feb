package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.program.ProgramFault;

import java.util.Optional;

/**
 * Hears what happens to sockets, on the threads where it happens: must be quick and not throw.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.ListenerExamples" region="count"}
 */
public interface SockListener {

    /** Hears nothing. */
    SockListener NONE = new SockListener() {};

    /** A program gave its verdict. */
    default void judged(Judgement judgement) {}

    /** A program did what no program may: its message was dropped, or its framing stopped. */
    default void faulted(Sock socket, ProgramFault fault) {}

    /** Bytes were thrown away without a verdict that says so, and why. */
    default void lost(Sock socket, long bytes, String reason) {}

    /** A sock_ops program could not insert a socket: why, with the map and the key. */
    default void refused(Sock socket, BpfException refusal) {}

    /**
     * A message that was received and judged waits: its target has no room. Nothing behind it is
     * judged until {@link #resumed}, and its peer will be stopped.
     *
     * @param target where it goes; empty for the socket's own application
     */
    default void paused(Sock socket, Optional<Sock> target) {}

    /** What {@link #paused} told of is over: the message went on, or was given up. */
    default void resumed(Sock socket) {}

    /** A socket changed its state. */
    default void stateChanged(Sock socket, TcpState from, TcpState to) {}

    /**
     * Who hears the bytes themselves. Asked once for each socket, when it is opened: where nobody
     * does it costs nothing.
     */
    default Optional<WireListener> wire() {
        return Optional.empty();
    }

    /** Something is wrong with the engine itself. */
    default void failed(Sock socket, Throwable cause) {
        System.getLogger("io.jsockmap.sockmap")
                .log(System.Logger.Level.ERROR, "socket " + socket + " failed", cause);
    }
}
