package io.jsockmap.proxy.epoll;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * The system calls of a thread that carries bytes. Each gives what the call gives, or its errno,
 * negative. One thread at a time: what they hand over lies in memory of this object.
 */
@SuppressWarnings("restricted")
final class Libc implements AutoCloseable {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOMEM = 12;
    static final int ENFILE = 23;
    static final int EACCES = 13;
    static final int EMFILE = 24;
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

    private final Arena arena = Arena.ofShared();
    private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
    private final MemorySegment option = arena.allocate(8, 8);
    private final MemorySegment length = arena.allocate(JAVA_INT);
    private final MemorySegment address = arena.allocate(SocketAddresses.LONGEST, 8);

    /** Apart, so that it is looked up only where there is a Linux. */
    private static final class Native {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

        /** For calls that do not wait: they may be given arrays. */
        private static final Linker.Option SHORT = Linker.Option.critical(true);

        static final MethodHandle SOCKET = ints("socket", 3);
        static final MethodHandle LISTEN = ints("listen", 2);
        static final MethodHandle SHUTDOWN = ints("shutdown", 2);
        static final MethodHandle CLOSE = ints("close", 1);
        static final MethodHandle EPOLL_CREATE = ints("epoll_create1", 1);
        static final MethodHandle EVENT_FD = ints("eventfd", 2);

        static final MethodHandle BIND =
                handle("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle CONNECT =
                handle("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle ACCEPT =
                handle(
                        "accept4",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
        static final MethodHandle GET_SOCK_NAME =
                handle("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle SET_OPTION =
                handle(
                        "setsockopt",
                        FunctionDescriptor.of(
                                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
        static final MethodHandle GET_OPTION =
                handle(
                        "getsockopt",
                        FunctionDescriptor.of(
                                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
        static final MethodHandle EPOLL_CTL =
                handle(
                        "epoll_ctl",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
        static final MethodHandle EPOLL_WAIT =
                handle(
                        "epoll_wait",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
        static final MethodHandle READ =
                handle("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

        /** Any thread calls it, so there is no place for an errno. */
        static final MethodHandle WRITE =
                LINKER.downcallHandle(
                        LINKER.defaultLookup().findOrThrow("write"),
                        FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

        static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1);
        private static final FunctionDescriptor BYTES =
                FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
        static final MethodHandle RECV = handle("recv", BYTES, SHORT);
        static final MethodHandle SEND = handle("send", BYTES, SHORT);

        private Native() {}

        private static MethodHandle ints(String name, int count) {
            var arguments = new MemoryLayout[count];
            Arrays.fill(arguments, JAVA_INT);
            return handle(name, FunctionDescriptor.of(JAVA_INT, arguments));
        }

        private static MethodHandle handle(
                String name, FunctionDescriptor type, Linker.Option... more) {
            var options = Arrays.copyOf(more, more.length + 1);
            options[more.length] = ERRNO;
            return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
        }
    }

    /** Nothing of libc throws: the prototypes above are wrong. */
    private static AssertionError wrong(Throwable cause) {
        return new AssertionError("a system call has another prototype", cause);
    }

    /** Why this JVM can't make these calls; empty if it can. */
    static String refusal() {
        try (var libc = new Libc()) {
            int descriptor = libc.epollCreate();
            if (descriptor < 0) return "errno " + -descriptor;
            int _ = libc.close(descriptor);
            return "";
        } catch (LinkageError | RuntimeException e) {
            var cause = e.getCause() == null ? e : e.getCause();
            return String.valueOf(cause.getMessage());
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

    @Override
    public void close() {
        arena.close();
    }
}
