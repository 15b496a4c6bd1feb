package io.jsockmap.proxy.carry;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Consumer;

/** The threads that carry bytes, and how connections come to them. */
public interface Carriers {

    /**
     * Accepts from now on.
     *
     * @param accepted takes each connection, on its thread
     * @throws IOException if it can't listen there
     */
    Listening listen(SocketAddress address, Consumer<Carrier> accepted) throws IOException;

    /** Where it listens. */
    interface Listening {
        /** The port that was found, or the path. */
        SocketAddress address();

        /** Accepts no more; returns when that is so. */
        void close();
    }

    /**
     * Whether it can connect to addresses of that kind.
     *
     * @throws IOException if it can't
     */
    void check(SocketAddress address) throws IOException;

    /**
     * Connects.
     *
     * @param beside a connection whose thread calls this, and carries the new one too
     */
    void connect(Carrier beside, SocketAddress address, Connecting result);

    /** Hears how it went, on the thread of the connection. */
    interface Connecting {
        void connected(Carrier carrier);

        /**
         * There is no connection.
         *
         * @param reason why, in words
         */
        void failed(String reason);
    }

    /** By which means bytes are carried, in words, and why not by better ones. */
    String description();

    /** Closes all connections, and waits until that is done. */
    void stop();
}
