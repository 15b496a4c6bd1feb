package io.jsockmap.bpf.verifier.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.state.Unreadable;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.TreeMap;

class VerifierLogTest {
    private static final ProgramType TYPE =
            new ProgramType(
                    "plain",
                    1,
                    ContextLayout.of("struct plain", 80).build(),
                    Helper.table(BaseHelpers.ALL),
                    Kfuncs.COMMON);

    private final State state = State.at(0, Frame.Call.PLAIN);
    private Program program;
    private VerifierLog log;

    private void start(int level, String text) {
        program = Program.of("one", TYPE, Assembler.assemble(text));
        log = VerifierLog.of(level, program);
        state.set(1, Pointer.to(PointerKind.CONTEXT));
        log.enter();
    }

    private void set(int slot, int register, long value) {
        log.instruction(state, slot);
        state.set(register, Scalar.of(value));
        log.afterwards(state, slot + 1);
    }

    @Test
    void eachInstructionIsFollowedByWhatItTouched() {
        start(2, "r6 = r1\n*(u64 *)(r10 - 8) = r6\ncall 5\nr0 = 1\nexit");
        log.instruction(state, 0);
        state.set(6, state.register(1));
        log.afterwards(state, 1);
        log.instruction(state, 1);
        state.frame().set(0, Slot.of(state.register(6)));
        log.afterwards(state, 2);
        log.instruction(state, 2);
        for (int i = 1; i <= 5; i++) state.set(i, Unreadable.UNREADABLE);
        state.set(0, Scalar.unknown());
        log.afterwards(state, 3);
        set(3, 0, 1);
        log.instruction(state, 4);
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R1=ctx() R10=fp0
                        0: (bf) r6 = r1                       ; R1=ctx() R6=ctx()
                        1: (7b) *(u64 *)(r10 -8) = r6         ; R6=ctx() R10=fp0 fp-8=ctx()
                        2: (85) call bpf_ktime_get_ns#5       ; R0=scalar()
                        3: (b7) r0 = 1                        ; R0=1
                        4: (95) exit
                        """);
    }

    @Test
    void whatIsBetweenAnInstructionAndWhatItTouchedGivesThatALineOfItsOwn() {
        start(2, "r0 = 1\nexit");
        log.instruction(state, 0);
        log.note("Func#3 ('g') is global and assumed valid.");
        state.set(0, Scalar.unknown());
        log.afterwards(state, 1);
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R1=ctx() R10=fp0
                        0: (b7) r0 = 1
                        Func#3 ('g') is global and assumed valid.
                        1: R0=scalar()
                        """);
    }

    @Test
    void longInstructionsPushTheCommentToTheNextColumn() {
        start(2, "call kfunc#13@0\ncall kfunc#3@0\nr0 = 0\nexit");
        log.instruction(state, 0);
        log.afterwards(state, 1);
        log.instruction(state, 1);
        log.afterwards(state, 2);
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R1=ctx() R10=fp0
                        0: (85) call bpf_preempt_disable#13   ; R1=ctx()
                        1: (85) call bpf_iter_num_destroy#3   ; R1=ctx()
                        """);
    }

    @Test
    void functionsAreEnteredAndLeft() {
        start(2, "call f\nexit\nf:\nr0 = 3\nexit");
        log.instruction(state, 0);
        state.push(new Frame(1, 2, 0, Frame.Call.PLAIN));
        log.called(state);
        set(2, 0, 3);
        log.instruction(state, 3);
        log.returning(state);
        state.pop();
        state.set(0, Scalar.of(3));
        state.set(1, Unreadable.UNREADABLE);
        log.returned(state, 3, 1);
        log.instruction(state, 1);
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R1=ctx() R10=fp0
                        0: (85) call pc+1
                        caller:
                         R1=ctx() R10=fp0
                        callee:
                         frame1: R10=fp0
                        2: frame1: R10=fp0
                        2: (b7) r0 = 3                        ; frame1: R0=3
                        3: (95) exit
                        returning from callee:
                         frame1: R0=3 R10=fp0
                        to caller at 1:
                         R0=3 R10=fp0

                        from 3 to 1: R0=3 R10=fp0
                        1: R0=3 R10=fp0
                        1: (95) exit
                        """);
    }

    private static final String FORK =
            "r6 = 5\nif r1 == 0 goto other\nr0 = 1\nexit\nother:\nr0 = r9\nexit";

    /** Walks one path to its end, and begins the other, which is refused. */
    private void walkBothPaths() {
        set(0, 6, 5);
        log.instruction(state, 1);
        var other = state.copy();
        long mark = log.mark();
        log.afterwards(state, 2);
        set(2, 0, 1);
        log.instruction(state, 3);
        log.truncateTo(mark);
        log.turn(1);
        log.instruction(other, 4);
        log.refused("R9 !read_ok");
        log.summary(new Statistics(5, 1_000_000, 0, 1, 1));
    }

    @Test
    void level2KeepsEveryPath() {
        start(2, FORK);
        walkBothPaths();
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R1=ctx() R10=fp0
                        0: (b7) r6 = 5                        ; R6=5
                        1: (15) if r1 == 0x0 goto pc+2        ; R1=ctx()
                        2: (b7) r0 = 1                        ; R0=1
                        3: (95) exit

                        from 1 to 4: R1=ctx() R6=5 R10=fp0
                        4: R1=ctx() R6=5 R10=fp0
                        4: (bf) r0 = r9
                        R9 !read_ok
                        processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 mark_read 0
                        """);
    }

    @Test
    void level1KeepsThePathThatIsRefused() {
        start(1, FORK);
        walkBothPaths();
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R1=ctx() R10=fp0
                        0: (b7) r6 = 5                        ; R6=5
                        1: (15) if r1 == 0x0 goto pc+2
                        4: R1=ctx() R6=5 R10=fp0
                        4: (bf) r0 = r9
                        R9 !read_ok
                        processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 mark_read 0
                        """);
    }

    @Test
    void level0KeepsNothing() {
        start(0, FORK);
        assertThat(log.wants()).isFalse();
        walkBothPaths();
        log.begin(new ControlFlow(program));
        assertThat(log.text()).isEmpty();
    }

    @Test
    void aPathEndsWhereTheStateIsLikeOneBefore() {
        start(2, FORK);
        log.safe(4);
        log.turn(1);
        log.safe(4);
        assertThat(log.text()).isEqualTo("4: safe\n\nfrom 1 to 4: safe\n");
    }

    @Test
    void functionsAndLiveRegistersComeFirst() {
        start(2, "call f\nexit\nf:\nr0 = r1\nexit");
        log.begin(new ControlFlow(program));
        assertThat(log.text())
                .isEqualTo(
                        """
                        func#0 @0
                        func#1 @2
                        Live regs before insn:
                              0: .12345.... (85) call pc+1
                              1: 0......... (95) exit
                              2: .1........ (bf) r0 = r1
                              3: 0......... (95) exit
                        """);
    }

    @Test
    void linesOfCStandBeforeTheirFirstInstruction() {
        var lines = new TreeMap<Integer, SourceLine>();
        lines.put(0, new SourceLine("/src/one.bpf.c", 12, 5, "int x = 5;"));
        lines.put(2, new SourceLine("/src/one.bpf.c", 13, 5, "return x;"));
        var code = Assembler.assemble("r6 = 5\nr7 = 6\nr0 = 1\nexit");
        program = new Program("one", TYPE, code, List.of(), lines);
        log = VerifierLog.of(1, program);
        for (int slot = 0; slot < 3; slot++) set(slot, slot == 2 ? 0 : slot + 6, 1);
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R10=fp0
                        ; int x = 5; @ one.bpf.c:12
                        0: (b7) r6 = 5                        ; R6=1
                        1: (b7) r7 = 6                        ; R7=1
                        ; return x; @ one.bpf.c:13
                        2: (b7) r0 = 1                        ; R0=1
                        """);
    }
}
