package io.jsockmap.proxy;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** The two ends of a connection through a proxy: what the client has, and what the server has. */
record Ends(Socket client, Socket server) implements AutoCloseable {

    /**
     * Connects; only one at a time may do so at a server, or ends of two connections could meet.
     */
    static Ends through(RunningProxy proxy, ServerSocket upstream) throws IOException {
        var client = Loopback.connect(proxy.address());
        return new Ends(client, Loopback.accept(upstream));
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
