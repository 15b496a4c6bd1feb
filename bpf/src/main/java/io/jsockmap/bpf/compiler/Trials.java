package io.jsockmap.bpf.compiler;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.compiler.runtime.Execution;
import io.jsockmap.bpf.compiler.runtime.Linked;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.Constants;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Program;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Tries a compiled program out, on stand-ins for its maps. */
final class Trials {
    /** As often as it takes the JVM to compile a method with all it can. */
    private static final int MOST = 20_000;

    /** Nanoseconds that all trials of a program take at most. */
    private static final long LONGEST = 100_000_000;

    /** Instructions of a trial: what takes longer is known well enough by then. */
    private static final long LIMIT = 1 << 16;

    /** What an element takes besides, about. */
    private static final long ENTRY = 256;

    /** Bytes of a map that stands for another: all maps of the process share what there is. */
    private static final long MOST_BYTES = 1 << 20;

    private static final Environment ENVIRONMENT =
            new Environment(System::nanoTime, () -> ThreadLocalRandom.current().nextInt(), _ -> {})
                    .withAlarms((_, _) -> () -> {});

    private final Rehearsal rehearsal;
    private final Program program;
    private final Execution execution;

    private Trials(Rehearsal rehearsal, Linked linked) {
        this.rehearsal = rehearsal;
        program = linked.program();
        var maps = program.maps().stream().map(this::standIn).toList();
        var constants = new Constants(program.code(), maps);
        var onStandIns = Linked.of(program, linked.code(), constants);
        execution = new Execution(onStandIns, (_, _) -> onStandIns, Optional.empty());
    }

    /** Tries a program out for a moment. Whatever goes wrong, goes wrong in a trial only. */
    static void run(Rehearsal rehearsal, Linked linked) {
        if (rehearsal.contexts().make(linked.program().type(), 0).isEmpty()) return;
        try {
            new Trials(rehearsal, linked).runAll();
        } catch (BpfException _) {
            // A map that can't be made twice: the program gets warm when it runs.
        }
    }

    private void runAll() {
        long begin = System.nanoTime();
        for (int turn = 0; turn < MOST && System.nanoTime() - begin < LONGEST; turn++) {
            try {
                var context = rehearsal.contexts().make(program.type(), turn).orElseThrow();
                execution.run(ENVIRONMENT, context, 0, LIMIT);
            } catch (BpfException _) {
                // A fault, or a limit: so the program has it.
            }
        }
    }

    /** A map of the same kind with the same constants; a large one is made small. */
    private BpfMap standIn(BpfMap map) {
        var definition = map.definition();
        boolean ring = definition.is(MapType.RINGBUF);
        long entry = ring ? 1 : ENTRY + definition.keySize() + (long) map.userValueSize();
        long most = Math.max(1, MOST_BYTES / entry);
        var smaller = definition.withMaxEntries(Math.min(definition.maxEntries(), most));
        var made = rehearsal.kinds().create(smaller);
        if (map instanceof ArrayMap from && made instanceof ArrayMap to) copy(from, to);
        return made;
    }

    private static void copy(ArrayMap from, ArrayMap to) {
        var source = from.memory().segment();
        var target = to.memory().segment();
        long size = Math.min(source.byteSize(), target.byteSize());
        MemorySegment.copy(source, 0, target, 0, size);
    }
}
