package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.sockmap.socket.Delivery;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What a run finds is held against what the verifier believed. */
class FactsTest {
    private final Playground ground = new Playground(Delivery.WHOLE);

    private static final Draft BRANCHES =
            Drafts.of(
                    Drafts.op(Insns.call(7)),
                    Drafts.op(Insns.aluConstant(AluOp.AND, 64, 0, 3)),
                    Drafts.op(Insns.jumpConstant(JumpOp.JGT, 64, 0, 1), "out"),
                    Drafts.op(Insns.add(0, 2)),
                    new Line.Label("out"),
                    Drafts.op(Insns.exit()));

    @Test
    void aRunTellsEachInstructionItReaches() {
        var draft = Drafts.of(Insns.set(0, 5), Insns.move(7, 0), Insns.exit());
        List<Integer> slots = new ArrayList<>();
        List<Long> seventh = new ArrayList<>();

        var probed =
                Probe.of(
                        draft.program(),
                        (slot, registers, _) -> {
                            slots.add(slot);
                            seventh.add(registers[7]);
                        });
        var outcome = ground.run(probed, 1);

        assertThat(slots).containsExactly(0, 1, 2);
        assertThat(seventh).containsExactly(0L, 0L, 5L);
        assertThat(outcome.value()).isEqualTo(5);
    }

    @Test
    void jumpsGoWhereTheyWent() {
        var program = BRANCHES.program();
        for (int i = 0; i < 20; i++) {
            long seed = i;
            var plain = ground.run(program, seed).value();
            var probed = Probe.of(program, (_, _, _) -> {});
            assertThat(ground.run(probed, seed).value()).isEqualTo(plain);
        }
    }

    @Test
    void whatTheVerifierBelievesIsNoContradiction() {
        var facts = Facts.of(BRANCHES.program());

        assertThat(facts.contradiction(3, registers(1))).isEmpty();
        assertThat(facts.contradiction(4, registers(3))).isEmpty();
    }

    @Test
    void aNumberOutsideOfAllStatesIsAContradiction() {
        var facts = Facts.of(BRANCHES.program());

        assertThat(facts.contradiction(3, registers(2)))
                .hasValueSatisfying(
                        text -> assertThat(text).contains("instruction 3", "r0 = 2 (0x2)"));
        assertThat(facts.contradiction(4, registers(4))).isPresent();
    }

    @Test
    void anInstructionThatNoStateReachedIsAContradiction() {
        var draft =
                Drafts.of(
                        Drafts.op(Insns.set(0, 1)),
                        Drafts.op(Insns.jumpConstant(JumpOp.JEQ, 64, 0, 1), "out"),
                        Drafts.op(Insns.set(0, 2)),
                        new Line.Label("out"),
                        Drafts.op(Insns.exit()));

        assertThat(Facts.of(draft.program()).contradiction(2, registers(1))).isPresent();
    }

    private static long[] registers(long first) {
        var registers = new long[11];
        registers[0] = first;
        return registers;
    }
}
