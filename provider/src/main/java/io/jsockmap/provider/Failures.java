package io.jsockmap.provider;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Sock;

import java.io.IOException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;

/**
 * Errors of sockets as the platform's channels report them. Code that knows nothing of the engine
 * compares classes and messages, so what the platform has words for is said in its words.
 */
final class Failures {
    private Failures() {}

    static IOException of(int errno, Sock socket) {
        return switch (Errno.nameOf(errno)) {
            case "EBADF" -> new ClosedChannelException();
            case "ECONNRESET" -> new SocketException("Connection reset");
            case "EPIPE" -> new IOException("Broken pipe");
            case "ECONNREFUSED" -> new PortUnreachableException();
            default -> new ErrnoException(errno, "at socket " + socket);
        };
    }
}
