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
import java.util.Arrays;

/** What of libc is called; apart, so that it is looked up only where there is a Linux. */
@SuppressWarnings("restricted")
final class Native {
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

    static final MethodHandle PIPE =
            handle("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    static final MethodHandle CONTROL =
            handle(
                    "fcntl",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    static final MethodHandle SPLICE =
            handle(
                    "splice",
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT),
                    SHORT);

    // What any thread calls, so that there is no place for an errno.

    private static final FunctionDescriptor SOME =
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    static final MethodHandle WRITE = ofAnyThread("write", SOME);
    static final MethodHandle FETCH = ofAnyThread("read", SOME, SHORT);
    static final MethodHandle LEAVE =
            ofAnyThread("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

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
        return ofAnyThread(name, type, options);
    }

    private static MethodHandle ofAnyThread(
            String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }
}
