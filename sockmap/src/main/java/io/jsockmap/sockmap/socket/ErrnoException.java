package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.Errno;

import java.net.PortUnreachableException;
import java.net.SocketException;
import java.util.Locale;

/**
 * Traffic that fails as send(2) or recv(2) would fail.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="read"}
 */
public final class ErrnoException extends SocketException {
    private static final long serialVersionUID = 1L;

    private final int number;

    public ErrnoException(int number, String message) {
        super("%s: %s".formatted(Errno.nameOf(number), message));
        this.number = number;
    }

    /** The errno behind an exception of the platform, which gives only words. */
    public static Errno errnoOf(Throwable cause) {
        if (cause instanceof PortUnreachableException) return Errno.ECONNREFUSED;
        var text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (text.contains("broken pipe")) return Errno.EPIPE;
        if (text.contains("timed out")) return Errno.ETIMEDOUT;
        if (text.contains("refused")) return Errno.ECONNREFUSED;
        if (text.contains("no route")) return Errno.EHOSTUNREACH;
        if (text.contains("message too long")) return Errno.EMSGSIZE;
        return text.contains("reset") ? Errno.ECONNRESET : Errno.EIO;
    }

    /** The error's number: one of {@link Errno}, or whatever a parser returned, positive. */
    public int number() {
        return number;
    }
}
