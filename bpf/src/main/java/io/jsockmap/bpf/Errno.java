package io.jsockmap.bpf;

/**
 * The Linux error numbers that an operation here may give, with the kernel's values (errno(3)).
 *
 * <p>They are the same on every platform: a program that returns {@code -EINVAL} means 22 wherever
 * it runs.
 *
 * {@snippet class="io.jsockmap.bpf.examples.MapExamples" region="errno"}
 */
public enum Errno {
    EPERM(1, "operation not permitted"),
    ENOENT(2, "no such entry"),
    ESRCH(3, "no such symbol"),
    EINTR(4, "interrupted"),
    EIO(5, "input or output failed"),
    E2BIG(7, "too big"),
    ENOEXEC(8, "not a loadable object"),
    EBADF(9, "closed"),
    EAGAIN(11, "try again"),
    ENOMEM(12, "out of memory"),
    EACCES(13, "refused"),
    EFAULT(14, "bad address"),
    EBUSY(16, "in use"),
    EEXIST(17, "exists already"),
    ENODEV(19, "no such device"),
    EINVAL(22, "invalid argument"),
    ENOSPC(28, "no space"),
    EPIPE(32, "broken pipe"),
    ERANGE(34, "out of range"),
    EDEADLK(35, "would wait for itself"),
    ENOSYS(38, "no such call"),
    ELOOP(40, "too deep"),
    ENOLINK(67, "link detached"),
    EPROTO(71, "protocol error"),
    EBADMSG(74, "bad message"),
    ENOTUNIQ(76, "not unique"),
    ENOTSOCK(88, "not a socket"),
    EMSGSIZE(90, "message too long"),
    EOPNOTSUPP(95, "not supported here"),
    EADDRINUSE(98, "address in use"),
    ECONNRESET(104, "connection reset by peer"),
    ENOTCONN(107, "not connected"),
    ETIMEDOUT(110, "timed out"),
    ECONNREFUSED(111, "connection refused"),
    EHOSTUNREACH(113, "no route to host"),
    ECANCELED(125, "canceled"),
    ENOTSUPP(524, "not supported");

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The kernel's number, positive. */
    public int number() {
        return number;
    }

    /** What a helper or a system call returns: the number, negative. */
    public long negative() {
        return -(long) number;
    }

    /** A few words in English, without the name. */
    public String text() {
        return text;
    }

    /** The name for a number a program gave, such as {@code EPROTO}, or {@code errno 1000}. */
    public static String nameOf(int number) {
        for (var errno : values()) {
            if (errno.number == number) return errno.name();
        }
        return "errno " + number;
    }
}
