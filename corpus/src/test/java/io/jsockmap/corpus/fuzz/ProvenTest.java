package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.program.StackUse;
import io.jsockmap.bpf.program.Target;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.sockmap.socket.Delivery;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What is proved wrongly is found when the program runs. */
class ProvenTest {
    private static final int FP = Code.FRAME_POINTER;

    private static final Draft DRAFT =
            Drafts.of(
                    Insns.storeConstant(8, FP, -8, 0),
                    Insns.move(2, FP),
                    Insns.add(2, -8),
                    Insns.load(8, 3, 2, 0),
                    Insns.load(4, 4, 1, 16),
                    Insns.map(1, FuzzMap.ONE),
                    Insns.call(1),
                    Insns.set(0, -1),
                    Insns.jumpConstant(JumpOp.JGT, 64, 0, 1),
                    Insns.set(3, 0),
                    Insns.alu(AluOp.DIV, 64, 0, 3),
                    Insns.set(0, 1),
                    Insns.exit());

    /** Slots of it; a reference to a map takes two. */
    private static final int STORE = 0;

    private static final int LOAD = 3;
    private static final int CONTEXT = 4;
    private static final int CALL = 7;
    private static final int JUMP = 9;
    private static final int DIVISION = 11;

    private static SlotFacts target(Target target) {
        return new SlotFacts(target, List.of(), List.of(), false, false);
    }

    private static SlotFacts call(Target second, int map) {
        var any = Target.ANY;
        var none = OptionalInt.empty();
        return new SlotFacts(
                any,
                List.of(any, second, any, any, any),
                List.of(OptionalInt.of(map), none, none, none, none),
                false,
                false);
    }

    /** What a run finds where an instruction has other facts than the verifier gives. */
    private static Optional<String> run(int slot, SlotFacts instead, StackUse stack) {
        var program = DRAFT.program();
        var right = Verifier.verify(program, Options.DEFAULT).facts().orElseThrow();
        List<SlotFacts> slots = new ArrayList<>();
        for (int i = 0; i < program.code().size(); i++) {
            slots.add(right.isReached(i) ? of(right, i) : null);
        }
        slots.set(slot, instead);
        var proven = new Proven(program, new Facts(slots, Map.of(0, stack)));
        var first = new String[1];
        var probed =
                Probe.of(
                        program,
                        (at, registers, run) -> {
                            if (first[0] != null) return;
                            first[0] = proven.contradiction(at, registers, run).orElse(null);
                        });
        new Playground(Delivery.WHOLE).run(probed, 1);
        return Optional.ofNullable(first[0]);
    }

    private static SlotFacts of(Facts facts, int slot) {
        List<Target> arguments = new ArrayList<>();
        List<OptionalInt> maps = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            arguments.add(facts.argument(slot, i));
            maps.add(facts.map(slot, i));
        }
        return new SlotFacts(
                facts.target(slot), arguments, maps, facts.nonNegative(slot), facts.nonZero(slot));
    }

    private static Optional<String> run(int slot, SlotFacts instead) {
        return run(slot, instead, StackUse.NONE);
    }

    @Test
    void whatTheVerifierProvesHolds() {
        assertThat(run(STORE, target(new Target.Stack(-8)))).isEmpty();
        assertThat(run(CALL, call(new Target.Stack(-8), 0))).isEmpty();
    }

    @Test
    void anotherPlaceIsNotMissed() {
        assertThat(run(LOAD, target(new Target.Stack(-16)))).isPresent();
        assertThat(run(LOAD, target(new Target.Context(0)))).isPresent();
        assertThat(run(LOAD, target(Target.PACKET))).isPresent();
        assertThat(run(CONTEXT, target(new Target.Context(12)))).isPresent();
        assertThat(run(CONTEXT, target(Target.PLAIN))).isPresent();
        assertThat(run(CALL, call(new Target.Stack(-16), 0))).isPresent();
        assertThat(run(CALL, call(Target.ANY, 1))).isPresent();
    }

    @Test
    void aByteThatIsReachedIndirectlyIsNotMissed() {
        assertThat(run(LOAD, target(Target.PLAIN)))
                .hasValueSatisfying(what -> assertThat(what).contains("byte -8 is direct"));
    }

    @Test
    void anotherSignIsNotMissed() {
        assertThat(run(JUMP, new SlotFacts(Target.ANY, List.of(), List.of(), true, false)))
                .isPresent();
        assertThat(run(DIVISION, new SlotFacts(Target.ANY, List.of(), List.of(), false, true)))
                .isPresent();
    }

    @Test
    void anInstructionThatIsReachedIsNotMissed() {
        assertThat(run(JUMP, null)).isPresent();
    }
}
