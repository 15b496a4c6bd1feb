package io.jsockmap.kernel.fuzz;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.sockmap.socket.Delivery;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Runs what the verifier accepts, and looks for what must not be. For one thread. */
final class Soundness {
    /** Regions of memory that a run's first pointers are to. */
    private static final int REGIONS = 64;

    /** Bytes around a region's start. */
    private static final long NEAR = 1024;

    private final List<Playground> grounds =
            Stream.of(Delivery.values()).map(Playground::new).toList();

    /** What a try came to. */
    sealed interface Result {
        /** The verifier refuses the program, for that reason. */
        record Refused(String message) implements Result {}

        /** It may run, and nothing bad was seen. */
        record Sound() implements Result {}

        /** The verifier is wrong, or failed. */
        record Unsound(String what) implements Result {}
    }

    /**
     * Verifies a program and, if it is accepted, runs it some times.
     *
     * @param seed decides what it is run on
     */
    Result of(Draft draft, int runs, long seed) {
        var program = draft.program();
        try {
            var verification = Verifier.verify(program, Options.DEFAULT);
            if (verification.refusal().isPresent()) {
                return new Result.Refused(verification.refusal().get().message());
            }
            var random = new SplittableRandom(seed);
            var wrong = contradiction(program, random);
            if (wrong.isPresent()) return new Result.Unsound(wrong.get());
            return trying(program, runs, random.nextLong());
        } catch (ProgramFault fault) {
            return new Result.Unsound(fault.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            return new Result.Unsound("failed: " + failure(e));
        }
    }

    private static String failure(Throwable e) {
        var trace = e.getStackTrace();
        return trace.length == 0 ? e.toString() : e + " at " + trace[0];
    }

    /** Runs a program some times, as if it were accepted. */
    Result trying(Program program, int runs, long seed) {
        var random = new SplittableRandom(seed);
        boolean keeps = Verifier.verify(program, Options.DEFAULT.keepingPointers()).isAccepted();
        try {
            for (int i = 0; i < runs; i++) {
                var leak = leaks(program, random.nextLong());
                if (keeps && leak.isPresent()) return new Result.Unsound(leak.get());
            }
        } catch (ProgramFault fault) {
            return new Result.Unsound(fault.getMessage());
        }
        return new Result.Sound();
    }

    /**
     * Runs a program once; the pointer that left it, if one did.
     *
     * @throws ProgramFault if it does what no program may
     */
    Optional<String> leaks(Program program, long seed) {
        var random = new SplittableRandom(seed);
        fill(program, random);
        int before = pointers(program);
        return leak(program, before, ground(random).run(program, random));
    }

    private Playground ground(RandomGenerator random) {
        return grounds.get(random.nextInt(grounds.size()));
    }

    /** Holds a run's registers against what the verifier believed. */
    private Optional<String> contradiction(Program program, RandomGenerator random) {
        if (!Probe.fits(program)) return Optional.empty();
        var facts = Facts.of(program);
        var first = new String[1];
        var probed =
                Probe.of(
                        program,
                        (slot, registers) -> {
                            if (first[0] != null) return;
                            first[0] = facts.contradiction(slot, registers).orElse(null);
                        });
        fill(program, random);
        try {
            ground(random).run(probed, random);
        } catch (ProgramFault fault) {
            // With all that it tells it may run for too long; by itself it is tried later.
            if (!fault.getMessage().contains("ran for more")) throw fault;
        }
        return Optional.ofNullable(first[0]);
    }

    /** Puts numbers into maps: of all bits, or small. */
    private static void fill(Program program, RandomGenerator random) {
        for (var map : program.maps()) {
            int type = map.definition().type();
            if (type == MapType.ARRAY.number()) {
                for (int i = 0; i < map.maxEntries(); i++) put(map, i, random);
            } else if (type == MapType.HASH.number()) {
                for (int i = 0; i < 3; i++) put(map, random.nextInt(6), random);
            }
        }
    }

    private static void put(BpfMap map, int key, RandomGenerator random) {
        var value = ByteBuffer.allocate(map.valueSize()).order(ByteOrder.LITTLE_ENDIAN);
        while (value.remaining() >= Long.BYTES) {
            value.putLong(Chance.number(random));
        }
        var bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(key).array();
        if (map.lookup(bytes).isEmpty() && map.keys().size() >= map.maxEntries()) return;
        map.update(bytes, value.array(), UpdateFlag.ANY);
    }

    // --- Pointers that leave ---------------------------------------------------------------------

    private static Optional<String> leak(
            Program program, int before, Playground.Outcome outcome) {
        if (isPointer(outcome.value())) return Optional.of("a pointer leaves in R0");
        if (pointers(outcome.bytes()) > 0) return Optional.of("a pointer leaves in the packet");
        boolean more = pointers(program) > before;
        return more ? Optional.of("a pointer leaves in a map") : Optional.empty();
    }

    /** How many numbers in maps look like pointers. */
    private static int pointers(Program program) {
        int found = 0;
        for (var map : program.maps()) {
            if (!hasValues(map)) continue;
            for (var key : map.keys()) {
                found += map.lookup(key).map(Soundness::pointers).orElse(0);
            }
        }
        return found;
    }

    private static boolean hasValues(BpfMap map) {
        int type = map.definition().type();
        return type == MapType.ARRAY.number() || type == MapType.HASH.number();
    }

    private static int pointers(byte[] bytes) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int found = 0;
        for (int i = 0; i + Long.BYTES <= bytes.length; i++) {
            if (isPointer(buffer.getLong(i))) found++;
        }
        return found;
    }

    /** Whether the number is one of those by which a run's memory is reached. */
    private static boolean isPointer(long value) {
        long region = value >>> 32;
        long offset = (value & 0xffff_ffffL) - (1L << 31);
        return region >= 1 && region < REGIONS && Math.abs(offset) < NEAR;
    }
}
