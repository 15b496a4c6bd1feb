package io.jsockmap.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
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
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/** The system call bpf(2). */
final class Bpf {
    private static final Map<String, Integer> NUMBERS =
            Map.of("amd64", 321, "x86_64", 321, "aarch64", 280, "riscv64", 280);

    private Bpf() {}

    /** Commands, by the kernel's numbers ({@code enum bpf_cmd}). */
    enum Command {
        MAP_CREATE(0),
        MAP_UPDATE_ELEM(2),
        PROG_LOAD(5),
        PROG_TEST_RUN(10),
        BTF_LOAD(18),
        MAP_FREEZE(22);

        private final int number;

        Command(int number) {
            this.number = number;
        }
    }

    /**
     * What the kernel answered.
     *
     * @param value a file descriptor, or 0; -1 after a failure
     * @param errno 0 after success
     */
    record Answer(int value, int errno) {
        boolean isSuccess() {
            return errno == 0;
        }
    }

    /** The number of the call on this machine; empty if it is not known to have it. */
    static OptionalInt number() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        var number = NUMBERS.get(System.getProperty("os.arch").toLowerCase(Locale.ROOT));
        return linux && number != null ? OptionalInt.of(number) : OptionalInt.empty();
    }

    /** Calls with attributes, whose size goes along. */
    static Answer call(Command command, Attributes attributes) {
        var segment = attributes.segment();
        try (var arena = Arena.ofConfined()) {
            var state = arena.allocate(Native.STATE);
            long result =
                    (long)
                            Native.SYSCALL.invokeExact(
                                    state,
                                    (long) number().orElseThrow(),
                                    command.number,
                                    segment,
                                    (int) segment.byteSize());
            return result >= 0
                    ? new Answer((int) result, 0)
                    : new Answer(-1, (int) Native.ERRNO.get(state, 0L));
        } catch (Throwable e) {
            throw new AssertionError("bpf(2) has another prototype", e);
        }
    }

    /** Closes a file descriptor. */
    static void close(int descriptor) {
        try {
            int _ = (int) Native.CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new AssertionError("close(2) has another prototype", e);
        }
    }

    /** Apart, so that it is looked up only where there is a Linux. */
    @SuppressWarnings("restricted")
    private static final class Native {
        private static final Linker LINKER = Linker.nativeLinker();

        static final StructLayout STATE = Linker.Option.captureStateLayout();

        static final VarHandle ERRNO =
                STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

        static final MethodHandle SYSCALL =
                LINKER.downcallHandle(
                        address("syscall"),
                        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT),
                        Linker.Option.firstVariadicArg(1),
                        Linker.Option.captureCallState("errno"));

        static final MethodHandle CLOSE =
                LINKER.downcallHandle(address("close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));

        private Native() {}

        private static MemorySegment address(String function) {
            return LINKER.defaultLookup().findOrThrow(function);
        }
    }
}
