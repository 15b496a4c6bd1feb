package io.jsockmap.bpf.helper;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Environment;

import org.junit.jupiter.api.BeforeEach;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What tests of timers run: values of 32 bytes, a timer at 8, a counter at 24; the key is 1. */
abstract class TimerPrograms {
    static final String VALUE =
            """
            *(u32 *)(r10 - 4) = 1
            r2 = r10
            r2 += -4
            r1 = map[fd:0]
            call 1
            if r0 != 0 goto +2
            r0 = -1
            exit
            r6 = r0
            """;

    static final String INIT = timer() + "r2 = map[fd:0]\nr3 = 1\ncall 169\n";
    static final String START = start(5_000, 0);
    static final String CANCEL = timer() + "call 172\n";

    /** Counts in its value, and adds the key. */
    static final String COUNT =
            """
            r4 = *(u64 *)(r3 + 24)
            r4 += 10
            r5 = *(u32 *)(r2 + 0)
            r4 += r5
            *(u64 *)(r3 + 24) = r4
            r0 = 0
            exit
            """;

    static final String PRINT =
            "*(u16 *)(r10 - 2) = 0x41\nr1 = r10\nr1 += -2\nr2 = 2\ncall 6\nr0 = 0\nexit\n";

    final HashMap map = new HashMap(MapDefinition.of("flows", MapType.HASH, 4, 32, 4));
    final ManualAlarms alarms = new ManualAlarms();
    final List<String> traces = new ArrayList<>();
    final Environment environment =
            new Environment(() -> 1_000_000, () -> 0, traces::add)
                    .withWallTime(() -> 9_000_000)
                    .withAlarms(alarms);

    @BeforeEach
    void insert() {
        map.update(IndexKey.of(1), new byte[32], UpdateFlag.ANY);
    }

    static String timer() {
        return "r1 = r6\nr1 += 8\n";
    }

    static String start(long time, long flags) {
        return timer() + "r2 = %d ll\nr3 = %d ll\ncall 171\n".formatted(time, flags);
    }

    /** Sets the callback and goes on, the callback's code standing behind. */
    static String setCallback(String callback, String then) {
        var rest = "if r0 != 0 goto end\n" + then + "end:\nexit\n";
        return timer()
                + "r2 = subprog[+%d]\ncall 170\n".formatted(2 + slots(rest))
                + rest
                + callback;
    }

    static int slots(String text) {
        int slots = 0;
        for (var line : text.lines().toList()) {
            if (!line.endsWith(":")) slots += line.endsWith(" ll") || line.contains("map[") ? 2 : 1;
        }
        return slots;
    }

    long run(String text) {
        return run(map, text);
    }

    long run(BpfMap map, String text) {
        return run(environment, map, text);
    }

    static long run(Environment environment, BpfMap map, String text) {
        return Trial.of(VALUE + text + "exit").with(map).in(environment).value();
    }

    String fault(String text) {
        var trial = Trial.of(VALUE + text + "exit").with(map).in(environment);
        return trial.fault().getMessage();
    }

    long counter() {
        return counter(map);
    }

    static long counter(BpfMap map) {
        var value = map.lookup(IndexKey.of(1)).orElseThrow();
        return ByteBuffer.wrap(value).order(LITTLE_ENDIAN).getLong(24);
    }
}
