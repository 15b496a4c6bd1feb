package io.jsockmap.bpf.helper;

import static io.jsockmap.bpf.program.CallTrait.CALLS_BACK_NUMBERS;
import static io.jsockmap.bpf.program.CallTrait.LOOKS_UP;
import static io.jsockmap.bpf.program.CallTrait.PACKET_ARGUMENTS;
import static io.jsockmap.bpf.program.CallTrait.TAIL_CALL;
import static io.jsockmap.bpf.program.CallTrait.USES_CPU;
import static io.jsockmap.bpf.program.Helper.Argument.CALLBACK_CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.CONTEXT;
import static io.jsockmap.bpf.program.Helper.Argument.FUNCTION;
import static io.jsockmap.bpf.program.Helper.Argument.KEY;
import static io.jsockmap.bpf.program.Helper.Argument.MAP;
import static io.jsockmap.bpf.program.Helper.Argument.NUMBER;
import static io.jsockmap.bpf.program.Helper.Argument.VALUE;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Helper.Range;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Run;

import java.util.List;
import java.util.stream.Stream;

/** Helpers that every type of program has (bpf-helpers(7)). */
public final class BaseHelpers {
    /** Elements of maps, calls, chance and the CPU. */
    private static final List<Helper> FIRST =
            List.of(
                    Helper.of(1, BaseHelpers::mapLookup, Result.VALUE_OR_NULL, MAP, KEY)
                            .with(PACKET_ARGUMENTS, LOOKS_UP),
                    Helper.of(2, BaseHelpers::mapUpdate, Result.NUMBER, MAP, KEY, VALUE, NUMBER)
                            .with(PACKET_ARGUMENTS),
                    Helper.of(3, BaseHelpers::mapDelete, Result.NUMBER, MAP, KEY)
                            .with(PACKET_ARGUMENTS),
                    Helper.of(7, BaseHelpers::random, Result.NUMBER),
                    Helper.of(8, (_, _) -> Cpu.current(), Result.NUMBER)
                            .within(new Range.Between(0, Cpu.COUNT - 1L))
                            .with(USES_CPU),
                    Helper.of(12, BaseHelpers::tailCall, Result.NOTHING, CONTEXT, MAP, NUMBER)
                            .with(TAIL_CALL),
                    Helper.of(42, (_, _) -> 0, Result.NUMBER),
                    Helper.of(
                                    181,
                                    BaseHelpers::loop,
                                    Result.NUMBER,
                                    NUMBER,
                                    FUNCTION,
                                    CALLBACK_CONTEXT,
                                    NUMBER)
                            .with(CALLS_BACK_NUMBERS));

    /** All of them. */
    public static final List<Helper> ALL =
            Stream.of(
                            FIRST,
                            TimeHelpers.ALL,
                            TextHelpers.ALL,
                            PrintHelpers.ALL,
                            ProbeHelpers.ALL,
                            TaskHelpers.ALL,
                            CgroupHelpers.ALL,
                            LockHelpers.ALL,
                            TimerHelpers.ALL,
                            DynptrHelpers.ALL,
                            RingDynptrHelpers.ALL)
                    .flatMap(List::stream)
                    .toList();

    /** Helpers of types of programs that trace the kernel. */
    public static final List<Helper> TRACING = ProbeHelpers.TRACING;

    /** BPF_MAX_LOOPS of the kernel. */
    private static final int MAX_LOOPS = 1 << 23;

    private static final int MAX_TAIL_CALLS = 33;

    private BaseHelpers() {}

    private static long mapLookup(Run run, long[] a) {
        var map = run.map(a[0]);
        var value = map.lookupFromProgram(key(run, map, a[1]));
        return value == null ? 0 : run.memory().addressOf(value);
    }

    private static long mapUpdate(Run run, long[] a) {
        var map = run.map(a[0]);
        var value = run.memory().readable(a[2], map.valueSize()).toArray(JAVA_BYTE);
        return map.updateFromProgram(key(run, map, a[1]), value, a[3]);
    }

    private static long mapDelete(Run run, long[] a) {
        var map = run.map(a[0]);
        return map.deleteFromProgram(key(run, map, a[1]));
    }

    private static byte[] key(Run run, BpfMap map, long address) {
        return run.memory().readable(address, map.keySize()).toArray(JAVA_BYTE);
    }

    private static long random(Run run, long[] a) {
        return Integer.toUnsignedLong(run.environment().random().getAsInt());
    }

    private static long tailCall(Run run, long[] a) {
        long index = a[2] & 0xffff_ffffL;
        if (!(run.map(a[1]) instanceof ProgArrayMap<?> programs)) return Errno.EINVAL.negative();
        if (!(programs.program(index) instanceof Program target)
                || !isOfSameType(run.program(), target)
                || !run.mayTailCall(MAX_TAIL_CALLS)) {
            return Errno.ENOENT.negative();
        }
        run.tailCall(target);
        return 0;
    }

    /** The context goes on to the target, so it must be of the kind that the target knows. */
    private static boolean isOfSameType(Program from, Program to) {
        return from.type().name().equals(to.type().name());
    }

    private static long loop(Run run, long[] a) {
        long times = a[0] & 0xffff_ffffL;
        if (a[3] != 0) return Errno.EINVAL.negative();
        if (times > MAX_LOOPS) return Errno.E2BIG.negative();
        for (long i = 0; i < times; i++) {
            if (run.call(a[1], i, a[2]) != 0) return i + 1;
        }
        return times;
    }
}
