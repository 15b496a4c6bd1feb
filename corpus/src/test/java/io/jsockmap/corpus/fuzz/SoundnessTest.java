package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.corpus.fuzz.Soundness.Result;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;

/**
 * No program that the verifier accepts faults, runs for ever, finds in a register what the verifier
 * excluded, or lets a pointer out where it must keep pointers.
 */
class SoundnessTest {
    private static final long PROGRAMS = Long.getLong("fuzz.programs", 3_000);

    private static final int RUNS = 2;
    private static final int SIZE = 1;

    @Test
    void acceptedProgramsDoNothingThatNoProgramMay() {
        long first = Long.getLong("fuzz.seed", 1);
        IO.println("programs of the seeds from %d on; -Dfuzz.seed=N for others".formatted(first));
        var unsound = new ConcurrentLinkedQueue<String>();
        var accepted = new LongAdder();
        // Engines are for one thread.
        var perThread = ThreadLocal.withInitial(Soundness::new);
        LongStream.range(first, first + PROGRAMS)
                .parallel()
                .forEach(
                        seed -> {
                            var draft = Generator.draft(seed, SIZE);
                            switch (perThread.get().of(draft, RUNS, seed)) {
                                case Result.Sound _ -> accepted.increment();
                                case Result.Refused _ -> {}
                                case Result.Unsound(var what) ->
                                        unsound.add("seed %d: %s%n%s".formatted(seed, what, draft));
                            }
                        });
        assertThat(unsound).isEmpty();
        assertThat(accepted.sum()).as("accepted").isGreaterThan(PROGRAMS / 4);
    }

    @Test
    void aFaultIsNotMissed() {
        var draft = Drafts.of(Insns.set(0, 0), Insns.load(8, 0, 0, 0), Insns.exit());

        assertThat(new Soundness().of(draft, 1, 1)).isInstanceOf(Result.Refused.class);
        assertThat(new Soundness().trying(draft.program(), 1, 1))
                .isInstanceOfSatisfying(
                        Result.Unsound.class,
                        result -> assertThat(result.what()).contains("a null pointer"));
    }

    @Test
    void aPointerThatLeavesIsNotMissed() {
        var byResult = Drafts.of(Insns.move(0, 1), Insns.exit());
        var byMap =
                Drafts.of(
                        Insns.value(2, FuzzMap.ONE, 8),
                        Insns.store(8, 2, 0, Code.FRAME_POINTER),
                        Insns.set(0, 0),
                        Insns.exit());
        var ofPacket = Drafts.of(Insns.load(8, 0, 1, 0), Insns.exit());
        var ofMap = Drafts.of(Insns.value(0, FuzzMap.ONE, 8), Insns.exit());
        for (var draft : List.of(byResult, byMap, ofPacket, ofMap)) {
            assertThat(new Soundness().leaks(draft.program(), 1)).isPresent();
        }
    }
}
