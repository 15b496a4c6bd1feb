package io.jsockmap.netty;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.socket.ErrnoException;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;

/** What handlers and promises are told of errors. */
final class Failures {
    private Failures() {}

    /** Of a send; where the channel is closed, what Netty itself says then. */
    static IOException ofSend(int errno, long accepted, long length) {
        if (errno == Errno.EBADF.number()) return closed();
        var reason = errno == Errno.EACCES.number() ? "the sk_msg program dropped it; " : "";
        return new ErrnoException(
                errno, "%s%d of %d bytes were accepted".formatted(reason, accepted, length));
    }

    static IOException ofReceiving(int errno) {
        return new ErrnoException(errno, "no more can be received");
    }

    static IOException closed() {
        return new ClosedChannelException();
    }
}
