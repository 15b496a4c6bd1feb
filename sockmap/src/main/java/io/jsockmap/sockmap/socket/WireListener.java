package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

/**
 * Hears the bytes of connections as they come from the network and go to it, on the threads that
 * carry them: must be quick and not throw. The events of one socket come one after the other in
 * each direction; those of both directions may come at once where two threads carry them.
 *
 * <p>Where somebody listens no bytes pass unseen ({@link Sock#mayStayUnseen}).
 *
 * {@snippet class="io.jsockmap.sockmap.examples.ListenerExamples" region="wire"}
 */
public interface WireListener {

    /** A connection is there. Of sockets that have none nobody is told this. */
    default void opened(Sock socket) {}

    /**
     * Bytes came from the network; nobody has looked at them yet.
     *
     * @param bytes valid only during the call
     */
    void received(Sock socket, Chunk bytes);

    /**
     * Bytes were written to the network.
     *
     * @param bytes valid only during the call
     */
    void written(Sock socket, Chunk bytes);

    /** The peer's end of stream came, behind its last byte. */
    default void inputEnded(Sock socket) {}

    /** This side's end of stream goes out, behind its last byte; told once. */
    default void outputEnded(Sock socket) {}

    /** The connection broke, and this side did not bring it about. */
    default void broke(Sock socket, Errno errno) {}

    /**
     * Nothing more will come or go; told once.
     *
     * @param reset whether this side reset the connection
     */
    default void closed(Sock socket, boolean reset) {}
}
