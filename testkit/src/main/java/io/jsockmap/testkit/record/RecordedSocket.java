package io.jsockmap.testkit.record;

import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The socket that a program ran for.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="run"}
 *
 * @param cookie its cookie
 * @param addresses its two ends
 */
public record RecordedSocket(long cookie, Addresses addresses) {
    static RecordedSocket of(Sock socket) {
        return new RecordedSocket(socket.cookie(), socket.addresses());
    }

    /** Its own end. */
    public String local() {
        return Addresses.print(addresses.local());
    }

    /** The peer's end; empty if it has none. */
    public String remote() {
        return addresses.remote() == null ? "" : Addresses.print(addresses.remote());
    }

    /** Whether either end has that port. */
    public boolean hasPort(int port) {
        return isAt(addresses.local(), port) || isAt(addresses.remote(), port);
    }

    private static boolean isAt(SocketAddress end, int port) {
        return end instanceof InetSocketAddress inet && inet.getPort() == port;
    }

    @Override
    public String toString() {
        return "%d (%s)".formatted(cookie, addresses);
    }
}
