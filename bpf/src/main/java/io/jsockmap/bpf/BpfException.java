package io.jsockmap.bpf;

import java.util.Objects;

/**
 * A call that the kernel would answer with an errno: which one, and in words which object and what
 * to do about it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="errno"}
 */
public class BpfException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;

    public BpfException(Errno errno, String message) {
        this(errno, message, null);
    }

    public BpfException(Errno errno, String message, Throwable cause) {
        super(Objects.requireNonNull(errno) + ": " + onOneLine(message), cause);
        this.errno = errno;
    }

    /** Names from a damaged or hostile file must not break a log, or steer a terminal. */
    private static String onOneLine(String message) {
        return message.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\t]]", "?");
    }

    /** The message without the errno in front, to be part of another one. */
    public String explanation() {
        return getMessage().substring(errno.name().length() + 2);
    }

    /** What bpf(2), or the call on the socket, would have set. */
    public Errno errno() {
        return errno;
    }
}
