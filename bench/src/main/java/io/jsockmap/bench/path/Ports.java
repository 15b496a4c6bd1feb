package io.jsockmap.bench.path;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports on loopback, below those that Linux gives to clients, so that none takes one away. */
final class Ports {
    private static final int FIRST = 20_000;
    private static final int LAST = 29_999;

    private static int next = FIRST;

    private Ports() {}

    /** One where nobody listens. */
    static synchronized InetSocketAddress free() throws IOException {
        while (next <= LAST) {
            int port = next++;
            try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            } catch (IOException _) {
                // Somebody listens there: the next one.
            }
        }
        throw new IOException("no free port from %d to %d".formatted(FIRST, LAST));
    }
}
