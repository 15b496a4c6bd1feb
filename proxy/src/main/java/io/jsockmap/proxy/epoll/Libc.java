package io.jsockmap.proxy.epoll;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * The system calls of a thread that carries bytes. Each gives what the call gives, or its errno,
 * negative. One thread at a time: what they hand over lies in memory of this object.
 */
@SuppressWarnings("restricted")
final class Libc implements AutoCloseable {
    static final int EPERM = 1;
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EINVAL = 22;
    static final int ENOMEM = 12;
    static final int ENFILE = 23;
    static final int EACCES = 13;
    static final int EMFILE = 24;
    static final int ENOSYS = 38;
    static final int EADDRINUSE = 98;
    static final int EADDRNOTAVAIL = 99;
    static final int ENETUNREACH = 101;
    static final int ENOBUFS = 105;
    static final int EINPROGRESS = 115;

    static final int SOCK_STREAM = 1;
    static final int SHUT_WR = 1;

    private static final int NONBLOCK_AND_CLOEXEC = 0x800 | 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_REUSEADDR = 2;
    private static final int SO_ERROR = 4;
    private static final int SO_LINGER = 13;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NODELAY = 1;
    private static final int F_SETPIPE_SZ = 1031;
    private static final int SPLICE_F_MOVE_NONBLOCK = 1 | 2;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment option = arena.allocate(8, 8);
    private final MemorySegment length = arena.allocate(JAVA_INT);
    private final MemorySegment address = arena.allocate(SocketAddresses.LONGEST, 8);

    /** Nothing of libc throws: the prototypes above are wrong. */
    private static AssertionError wrong(Throwable cause) {
        return new AssertionError("a system call has another prototype", cause);
    }

    /** Why this JVM can't make these calls; empty if it can. */
    static Optional<String> refusal() {
        try (var libc = new Libc()) {
            int descriptor = libc.epollCreate();
            if (descriptor < 0) return Optional.of("errno " + -descriptor);
            int _ = libc.close(descriptor);
            return Optional.empty();
        } catch (LinkageError | RuntimeException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            return Optional.of(String.valueOf(cause.getMessage()));
        }
    }

    private int resultOf(int result) {
        return result >= 0 ? result : -state.get(JAVA_INT, 0);
    }

    int socket(int family) {
        try {
            int type = SOCK_STREAM | NONBLOCK_AND_CLOEXEC;
            return resultOf((int) Native.SOCKET.invokeExact(state, family, type, 0));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int bind(int descriptor, SocketAddress to) {
        try {
            int size = SocketAddresses.write(to, address);
            return resultOf((int) Native.BIND.invokeExact(state, descriptor, address, size));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int listen(int descriptor, int backlog) {
        try {
            return resultOf((int) Native.LISTEN.invokeExact(state, descriptor, backlog));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int connect(int descriptor, SocketAddress to) {
        try {
            int size = SocketAddresses.write(to, address);
            return resultOf((int) Native.CONNECT.invokeExact(state, descriptor, address, size));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** The next connection; {@link #peer} tells whose it is. */
    int accept(int descriptor) {
        try {
            length.set(JAVA_INT, 0, (int) address.byteSize());
            return resultOf(
                    (int)
                            Native.ACCEPT.invokeExact(
                                    state, descriptor, address, length, NONBLOCK_AND_CLOEXEC));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** Who made the connection that {@link #accept} gave. */
    SocketAddress peer() {
        return SocketAddresses.read(address, length.get(JAVA_INT, 0));
    }

    /** The own end of a connection; null if there is none. */
    SocketAddress localAddress(int descriptor) {
        try {
            length.set(JAVA_INT, 0, (int) address.byteSize());
            int result = (int) Native.GET_SOCK_NAME.invokeExact(state, descriptor, address, length);
            return result < 0 ? null : SocketAddresses.read(address, length.get(JAVA_INT, 0));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int reuseAddress(int descriptor) {
        return setOption(descriptor, SOL_SOCKET, SO_REUSEADDR, 1, 0);
    }

    int noDelay(int descriptor) {
        return setOption(descriptor, IPPROTO_TCP, TCP_NODELAY, 1, 0);
    }

    /** A close resets the connection. */
    int lingerNot(int descriptor) {
        return setOption(descriptor, SOL_SOCKET, SO_LINGER, 1, 0);
    }

    private int setOption(int descriptor, int level, int name, int first, int second) {
        try {
            option.set(JAVA_INT, 0, first);
            option.set(JAVA_INT, 4, second);
            int size = name == SO_LINGER && level == SOL_SOCKET ? 8 : 4;
            return resultOf(
                    (int)
                            Native.SET_OPTION.invokeExact(
                                    state, descriptor, level, name, option, size));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** The socket's error, positive, which is taken by this; or 0. */
    int takeError(int descriptor) {
        try {
            length.set(JAVA_INT, 0, 4);
            option.set(JAVA_INT, 0, 0);
            int result =
                    resultOf(
                            (int)
                                    Native.GET_OPTION.invokeExact(
                                            state,
                                            descriptor,
                                            SOL_SOCKET,
                                            SO_ERROR,
                                            option,
                                            length));
            return result < 0 ? -result : option.get(JAVA_INT, 0);
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** Reads without waiting; 0 is the end of stream. */
    int recv(int descriptor, MemorySegment to, long size) {
        try {
            return resultOf((int) (long) Native.RECV.invokeExact(state, descriptor, to, size, 0));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** Writes without waiting. */
    int send(int descriptor, MemorySegment from, long size) {
        try {
            return resultOf(
                    (int)
                            (long)
                                    Native.SEND.invokeExact(
                                            state, descriptor, from, size, MSG_NOSIGNAL));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int shutdownOutput(int descriptor) {
        try {
            return resultOf((int) Native.SHUTDOWN.invokeExact(state, descriptor, SHUT_WR));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int close(int descriptor) {
        try {
            return resultOf((int) Native.CLOSE.invokeExact(state, descriptor));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int epollCreate() {
        try {
            return resultOf((int) Native.EPOLL_CREATE.invokeExact(state, 0x80000));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int epollControl(int epoll, int operation, int descriptor, MemorySegment event) {
        try {
            return resultOf(
                    (int) Native.EPOLL_CTL.invokeExact(state, epoll, operation, descriptor, event));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /**
     * Waits for events.
     *
     * @param millis how long at most, -1 for as long as it takes
     */
    int epollWait(int epoll, MemorySegment events, int most, int millis) {
        try {
            return resultOf(
                    (int) Native.EPOLL_WAIT.invokeExact(state, epoll, events, most, millis));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    int eventDescriptor() {
        try {
            return resultOf((int) Native.EVENT_FD.invokeExact(state, 0, NONBLOCK_AND_CLOEXEC));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** Makes an event descriptor silent again. */
    void takeEvent(int descriptor) {
        try {
            long _ = (long) Native.READ.invokeExact(state, descriptor, option, 8L);
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** Makes an event descriptor ready; any thread may call. */
    static void giveEvent(int descriptor) {
        try {
            long _ = (long) Native.WRITE.invokeExact(descriptor, Native.ONE, 8L);
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    // --- Pipes -----------------------------------------------------------------------------------

    /**
     * Makes a pipe, of about the size asked for if this user may have one.
     *
     * @return its ends, the one to read from first; null if there is none to be had
     */
    int[] pipe(int size) {
        try {
            int result = (int) Native.PIPE.invokeExact(state, option, NONBLOCK_AND_CLOEXEC);
            if (result < 0) return null;
            int[] ends = {option.get(JAVA_INT, 0), option.get(JAVA_INT, 4)};
            int _ = (int) Native.CONTROL.invokeExact(state, ends[1], F_SETPIPE_SZ, size);
            return ends;
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** Moves bytes between a pipe and a socket without waiting; 0 is the socket's end of stream. */
    int splice(int from, int to, long most) {
        try {
            return resultOf(
                    (int)
                            (long)
                                    Native.SPLICE.invokeExact(
                                            state,
                                            from,
                                            MemorySegment.NULL,
                                            to,
                                            MemorySegment.NULL,
                                            most,
                                            SPLICE_F_MOVE_NONBLOCK));
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** Reads bytes that are there; any thread may call. */
    static void fetch(int descriptor, byte[] bytes) {
        var to = MemorySegment.ofArray(bytes);
        try {
            for (long done = 0; done < bytes.length; ) {
                long left = bytes.length - done;
                long count = (long) Native.FETCH.invokeExact(descriptor, to.asSlice(done), left);
                if (count <= 0) throw new IllegalStateException("a pipe has less than was put in");
                done += count;
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    /** Closes a descriptor that no loop watches; any thread may call. */
    static void leave(int descriptor) {
        try {
            int _ = (int) Native.LEAVE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw wrong(e);
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
