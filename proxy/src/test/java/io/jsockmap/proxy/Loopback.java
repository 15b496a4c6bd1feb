package io.jsockmap.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;

/** Sockets of the test's own, all on the loopback address. */
final class Loopback {
    /** After so long a test hangs: a guard only, nothing is decided by it. */
    static final int HANG_SECONDS = 120;

    private static final int BACKLOG = 4096;

    private Loopback() {}

    static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    static ServerSocket listen() throws IOException {
        var server = new ServerSocket();
        server.setSoTimeout(HANG_SECONDS * 1000);
        server.bind(anyPort(), BACKLOG);
        return server;
    }

    static Socket accept(ServerSocket server) throws IOException {
        return guarded(server.accept());
    }

    static InetSocketAddress addressOf(ServerSocket server) {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    static Socket connect(InetSocketAddress address) throws IOException {
        return guarded(new Socket(address.getAddress(), address.getPort()));
    }

    private static Socket guarded(Socket socket) throws IOException {
        socket.setSoTimeout(HANG_SECONDS * 1000);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /** A port that nobody listens on, as far as one can know. */
    static InetSocketAddress nobody() throws IOException {
        try (var server = listen()) {
            return addressOf(server);
        }
    }

    /** Makes the close a reset, so that the peer learns of it at once. */
    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    static Path root() {
        return Path.of(System.getProperty("jsockmap.root", ".."));
    }
}
