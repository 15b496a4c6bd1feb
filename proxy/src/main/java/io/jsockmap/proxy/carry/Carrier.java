package io.jsockmap.proxy.carry;

import io.jsockmap.sockmap.socket.Sock;

/**
 * A connection that is there, and carries the bytes of a socket of the engine. All of it happens on
 * one thread, that of those who may call where nothing else is said.
 */
public interface Carrier {

    /**
     * A socket for a connection that was accepted. Nothing is read before {@link #startReading}.
     *
     * @throws IllegalStateException if the connection is gone already
     */
    Sock accept();

    /** The same for a connection that this side asked for. */
    Sock connect();

    /** Who is told of the connection. */
    void serve(Application application);

    /** Uses a connection, and is told on its thread. */
    interface Application {
        /** Nobody uses it yet. */
        Application NONE = new Application() {};

        /** It may find something if it reads. */
        default void readable() {}

        /** The end of stream has been written. */
        default void outputEnded() {}

        /** The connection is closed. */
        default void closed() {}
    }

    /** Reads from now on; any thread may call. */
    void startReading();

    /** Runs something where all of this connection runs; any thread may call. */
    void execute(Runnable task);

    /** Whether it is not closed. */
    boolean isOpen();

    /** Closes a connection that no socket is on. */
    void close();
}
