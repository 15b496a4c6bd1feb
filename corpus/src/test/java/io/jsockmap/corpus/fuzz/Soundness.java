package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.sockmap.socket.Delivery;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Runs what the verifier accepts, and looks for what must not be. For one thread. */
final class Soundness {
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
            var proven = new Proven(program, verification.facts().orElseThrow());
            var wrong = contradiction(program, proven, random);
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
        var outputs = outputs(program, seed, Playground::run);
        if (!outputs.haveSuspects()) return Optional.empty();
        // A number may look like a pointer: but only a pointer changes with the memory around it.
        return outputs.pointer(outputs(program, seed, Playground::runElsewhere));
    }

    private interface Way {
        Playground.Outcome run(Playground ground, Program program, long seed);
    }

    private Outputs outputs(Program program, long seed, Way way) {
        var random = new SplittableRandom(seed);
        Contents.fill(program.maps(), random);
        return Outputs.of(program, way.run(ground(random), program, random.nextLong()));
    }

    private Playground ground(RandomGenerator random) {
        return grounds.get(random.nextInt(grounds.size()));
    }

    /** Holds a run's registers against what the verifier believed, and what it has proved. */
    private Optional<String> contradiction(Program program, Proven proven, RandomGenerator random) {
        if (!Probe.fits(program)) return Optional.empty();
        var facts = Facts.of(program);
        var first = new String[1];
        var probed =
                Probe.of(
                        program,
                        (slot, registers, run) -> {
                            if (first[0] != null) return;
                            first[0] =
                                    facts.contradiction(slot, registers)
                                            .or(() -> proven.contradiction(slot, registers, run))
                                            .orElse(null);
                        });
        Contents.fill(program.maps(), random);
        try {
            ground(random).run(probed, random.nextLong());
        } catch (ProgramFault fault) {
            // With all that it tells it may run for too long; by itself it is tried later.
            if (!fault.getMessage().contains("ran for more")) throw fault;
        }
        return Optional.ofNullable(first[0]);
    }
}
