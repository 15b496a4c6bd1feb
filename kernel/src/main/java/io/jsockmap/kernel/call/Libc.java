package io.jsockmap.kernel.call;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** The functions of the C library that bpf(2) is of no use without. Linked when first used. */
@SuppressWarnings("restricted")
public final class Libc {
    private static final int MAX_TEXT = 1 << 10;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_OF =
            STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SYSCALL =
            variadic(
                    "syscall",
                    1,
                    FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle PERF_EVENT_OPEN =
            variadic(
                    "syscall",
                    1,
                    FunctionDescriptor.of(
                            JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle OPEN =
            variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle MMAP =
            function(
                    "mmap",
                    FunctionDescriptor.of(
                            JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                            JAVA_LONG));
    private static final MethodHandle MUNMAP =
            function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle POLL =
            function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle IOCTL =
            variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle GETSOCKOPT =
            function(
                    "getsockopt",
                    FunctionDescriptor.of(
                            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle RECV =
            function(
                    "recv",
                    FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle STRERROR =
            LINKER.downcallHandle(
                    LINKER.defaultLookup().findOrThrow("strerror"),
                    FunctionDescriptor.of(ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKNAME = nameOf("getsockname");
    private static final MethodHandle GETPEERNAME = nameOf("getpeername");

    private Libc() {}

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, ERRNO);
    }

    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name),
                descriptor,
                Linker.Option.firstVariadicArg(fixed),
                ERRNO);
    }

    private static MethodHandle nameOf(String function) {
        return function(function, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    /**
     * What a call answered.
     *
     * @param value what it returned; -1 after a failure
     * @param errno 0 after success
     */
    public record Answer(long value, int errno) {
        public boolean isSuccess() {
            return errno == 0;
        }
    }

    private interface Call {
        long with(MemorySegment state) throws Throwable;
    }

    private static Answer answer(String name, Call call) {
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(STATE);
            long result = call.with(state);
            return result == -1
                    ? new Answer(-1, (int) ERRNO_OF.get(state, 0L))
                    : new Answer(result, 0);
        } catch (Throwable e) {
            throw new AssertionError(name + " has another prototype", e);
        }
    }

    static Answer bpf(int number, int command, MemorySegment attributes) {
        int size = (int) attributes.byteSize();
        return answer(
                "bpf(2)",
                state ->
                        (long)
                                SYSCALL.invokeExact(
                                        state, (long) number, command, attributes, size));
    }

    /** perf_event_open(2) of no task, so of all, on a CPU. */
    public static Answer perfEventOpen(int number, MemorySegment attributes, int cpu) {
        return answer(
                "perf_event_open(2)",
                state ->
                        (long)
                                PERF_EVENT_OPEN.invokeExact(
                                        state, (long) number, attributes, -1, cpu, -1, 8L));
    }

    /** close(2). */
    public static void close(int descriptor) {
        var _ = answer("close(2)", state -> (int) CLOSE.invokeExact(state, descriptor));
    }

    /** open(2). */
    public static Answer open(String path, int flags) {
        try (var arena = Arena.ofConfined()) {
            var text = arena.allocateFrom(path);
            return answer("open(2)", state -> (int) OPEN.invokeExact(state, text, flags));
        }
    }

    static Answer mmap(long length, int protection, int descriptor, long offset) {
        int shared = 1;
        return answer(
                "mmap(2)",
                state ->
                        (long)
                                MMAP.invokeExact(
                                        state,
                                        MemorySegment.NULL,
                                        length,
                                        protection,
                                        shared,
                                        descriptor,
                                        offset));
    }

    static void munmap(MemorySegment memory) {
        var _ =
                answer(
                        "munmap(2)",
                        state -> (int) MUNMAP.invokeExact(state, memory, memory.byteSize()));
    }

    /** Waits until a descriptor can be read, at most so long; whether it can. */
    public static boolean awaitReadable(int descriptor, int milliseconds) {
        try (var arena = Arena.ofConfined()) {
            var poll = arena.allocate(8);
            poll.set(JAVA_INT, 0, descriptor);
            poll.set(JAVA_INT, 4, 1);
            var answer =
                    answer(
                            "poll(2)",
                            state -> (int) POLL.invokeExact(state, poll, 1L, milliseconds));
            return answer.value() > 0;
        }
    }

    /** ioctl(2) that fills in, or takes, four bytes. */
    public static Answer ioctl(int descriptor, long request, MemorySegment argument) {
        return answer(
                "ioctl(2)", state -> (int) IOCTL.invokeExact(state, descriptor, request, argument));
    }

    /** getsockopt(2); the value's size is the segment's. */
    public static Answer getsockopt(int descriptor, int level, int option, MemorySegment value) {
        try (var arena = Arena.ofConfined()) {
            var size = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
            return answer(
                    "getsockopt(2)",
                    state ->
                            (int)
                                    GETSOCKOPT.invokeExact(
                                            state, descriptor, level, option, value, size));
        }
    }

    /** recv(2) with those flags. */
    public static Answer recv(int descriptor, MemorySegment room, int flags) {
        return answer(
                "recv(2)",
                state -> (long) RECV.invokeExact(state, descriptor, room, room.byteSize(), flags));
    }

    /** What the C library calls an errno, which is what exceptions of the JDK say. */
    public static String strerror(int errno) {
        try {
            var text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(MAX_TEXT).getString(0);
        } catch (Throwable e) {
            throw new AssertionError("strerror(3) has another prototype", e);
        }
    }

    /** getsockname(2), or getpeername(2) of the other side; empty where it has no such address. */
    public static byte[] socketAddress(int descriptor, boolean ofPeer) {
        try (var arena = Arena.ofConfined()) {
            var address = arena.allocate(128, Long.BYTES);
            var size = arena.allocateFrom(JAVA_INT, 128);
            var handle = ofPeer ? GETPEERNAME : GETSOCKNAME;
            var answer =
                    answer(
                            "getsockname(2)",
                            state -> (int) handle.invokeExact(state, descriptor, address, size));
            if (!answer.isSuccess()) return new byte[0];
            int length = Math.min(128, size.get(JAVA_INT, 0));
            return address.asSlice(0, length).toArray(JAVA_BYTE);
        }
    }
}
