package io.jsockmap.corpus.fuzz;

import static io.jsockmap.corpus.fuzz.Drafts.op;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;

import org.junit.jupiter.api.Test;

import java.util.function.Predicate;

/** What is reduced still shows what it did, and little else. */
class ReducerTest {

    private static boolean has(Draft draft, String line) {
        return draft.text().lines().anyMatch(line::equals);
    }

    @Test
    void linesThatDoNotMatterGo() {
        var draft =
                Drafts.of(
                        Insns.set(0, 1),
                        Insns.set(3, 7),
                        Insns.move(4, 3),
                        Insns.load(4, 2, 1, 16),
                        Insns.exit());

        var small = Reducer.reduce(draft, d -> has(d, "r2 = *(u32 *)(r1 + 0x10)"));

        assertThat(small.text()).isEqualTo("r2 = *(u32 *)(r1 + 0x10)\n");
    }

    @Test
    void constantsBecomeSmall() {
        var draft = Drafts.of(Insns.set(0, 123_456), Insns.exit());
        Predicate<Draft> atLeastAHundred =
                d -> d.operations().stream().anyMatch(op -> op.instruction().immediate() >= 100);

        assertThat(Reducer.reduce(draft, atLeastAHundred).text()).isEqualTo("r0 = 0x64\n");
    }

    @Test
    void jumpsKeepTheirTargets() {
        var draft =
                Drafts.of(
                        op(Insns.set(0, 1)),
                        op(Insns.jumpConstant(JumpOp.JEQ, 64, 0, 5), "out"),
                        op(Insns.add(0, 3)),
                        new Line.Label("unused"),
                        op(Insns.aluConstant(AluOp.XOR, 32, 0, 9)),
                        new Line.Label("out"),
                        op(Insns.exit()));

        var small = Reducer.reduce(draft, d -> d.text().contains("goto out") && has(d, "exit"));

        assertThat(small.text()).isEqualTo("goto out\nout:\nexit\n");
        assertThat(small.program().code().size()).isEqualTo(2);
    }

    @Test
    void whatShowsNothingElseStaysAsItIs() {
        var draft = Drafts.of(Insns.set(0, 1), Insns.exit());

        assertThat(Reducer.reduce(draft, draft::equals)).isEqualTo(draft);
    }

    @Test
    void widthsBecomeWhole() {
        var draft = Drafts.of(Insns.alu(AluOp.ADD, 32, 2, 3), Insns.exit());

        var small =
                Reducer.reduce(draft, d -> d.text().contains(" += ") && d.text().contains("exit"));

        assertThat(small.text()).isEqualTo("r2 += r3\nexit\n");
    }
}
