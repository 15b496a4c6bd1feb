package io.jsockmap.cli;

import io.jsockmap.proxy.Proxy;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.socket.SockListener;

import java.io.IOException;

/** Something that goes along with a {@link Service}: shows it, records it, lets it be asked. */
interface Companion {

    /** Before the object is loaded, so that it can be done meanwhile. */
    default void prepare() throws IOException {}

    /** What shall hear of sockets, given what else does. */
    default SockListener hearing(SockListener listener) {
        return listener;
    }

    /** The proxy accepts connections. */
    default void started(Running running) throws IOException, InterruptedException {}

    /**
     * No connection is accepted any more; also where the service failed to start, or the process
     * ends before it does, then on another thread. Twice is harmless.
     */
    default void stop() throws IOException {}

    /**
     * A service that serves.
     *
     * @param listening where, to whom and by what, in words
     * @param words says something to people, as a format and its values
     */
    record Running(
            UserEngine engine, UserObject object, Proxy proxy, String listening, Words words) {}

    /** Says something to people. */
    @FunctionalInterface
    interface Words {
        void say(String format, Object... values);
    }
}
