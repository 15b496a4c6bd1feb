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
import io.jsockmap.bpf.verifier.rule.Statistics;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.state.Unreadable;
import io.jsockmap.bpf.verifier.step.Walk;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.TreeMap;

/** The texts are those of Linux 6.18 for the same programs, but for what the class leaves out. */
class VerifierLogTest {
    private static final ProgramType TYPE =
            new ProgramType(
                    "plain",
                    1,
                    ContextLayout.of("struct plain", 80).build(),
                    Helper.table(BaseHelpers.ALL),
                    Kfuncs.COMMON);

    private Walk walk;
    private VerifierLog log;

    private void start(int level, String text) {
        start(level, Program.of("one", TYPE, Assembler.assemble(text)));
    }

    private void start(int level, Program program) {
        walk = new Walk(program, new ControlFlow(program), true);
        log = VerifierLog.of(level, program);
        var state = State.at(0, Frame.Call.PLAIN);
        state.set(1, Pointer.to(PointerKind.CONTEXT));
        walk.goTo(state, 0);
        log.begins(walk);
    }

    /** The instruction where the walk is does that, and the walk goes on. */
    private void step(Runnable effect, int next) {
        log.before(walk);
        effect.run();
        log.after(walk, next);
        walk.goTo(next);
    }

    private void set(int register, long value) {
        step(() -> walk.state().set(register, Scalar.of(value)), walk.slot() + 1);
    }

    private void end() {
        step(() -> {}, -1);
    }

    @Test
    void anAtomicLoadTouchesTheMemoryThatItReads() {
        start(1, "*(u64 *)(r10 - 8) = 7\nr0 = load_acquire((u64 *)(r10 - 8))\nexit");
        var state = walk.state();
        step(() -> state.frame().set(0, Slot.of(Scalar.of(7))), 1);
        set(0, 7);
        end();
        assertThat(log.text()).contains("; R0=7 R10=fp0 fp-8=7\n");
    }

    @Test
    void eachInstructionIsFollowedByWhatItTouched() {
        start(1, "r6 = r1\n*(u64 *)(r10 - 8) = r6\ncall 5\nr0 = 1\nexit");
        var state = walk.state();
        step(() -> state.set(6, state.register(1)), 1);
        step(() -> state.frame().set(0, Slot.of(state.register(6))), 2);
        step(
                () -> {
                    for (int i = 1; i <= 5; i++) state.set(i, Unreadable.UNREADABLE);
                    state.set(0, Scalar.unknown());
                },
                3);
        set(0, 1);
        end();
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
        start(1, "r0 = 1\nexit");
        step(
                () -> {
                    walk.note("Func#%d ('%s') is global and assumed valid.", 3, "g");
                    walk.state().set(0, Scalar.unknown());
                },
                1);
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
        start(1, "call kfunc#13@0\n*(u64 *)(r10 - 128) = 0x123456\nr0 = 0\nexit");
        step(() -> {}, 1);
        step(() -> walk.state().frame().set(15, Slot.of(Scalar.of(0x123456))), 2);
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R1=ctx() R10=fp0
                        0: (85) call bpf_preempt_disable#13   ; R1=ctx()
                        1: (7a) *(u64 *)(r10 -128) = 1193046          ; R10=fp0 fp-128=0x123456
                        """);
    }

    @Test
    void functionsAreEnteredAndLeft() {
        start(2, "call f\nexit\nf:\nr0 = 3\nexit");
        step(() -> walk.state().push(new Frame(1, 2, 0, Frame.Call.PLAIN)), 2);
        set(0, 3);
        step(
                () -> {
                    walk.state().pop();
                    walk.state().set(0, Scalar.of(3));
                    walk.state().set(1, Unreadable.UNREADABLE);
                },
                1);
        end();
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
            """
            r6 = 5
            if r1 == 0 goto other
            r0 = 1
            exit
            other:
            r0 = r9
            exit
            """;

    /** Walks one path to its end, and begins the other, which is refused. */
    private void walkBothPaths() {
        set(6, 5);
        var other = walk.state().copy();
        step(() -> {}, 2);
        log.forks();
        set(0, 1);
        end();
        walk.goTo(other, 4);
        log.resumes(walk, 1);
        log.before(walk);
        log.refused("R9 !read_ok");
        log.summary(new Statistics(5, 0, 1, 1));
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
                        processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 1\
                         peak_states 1 mark_read 0
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
                        1: (15) if r1 == 0x0 goto pc+2        ; R1=ctx()
                        4: R1=ctx() R6=5 R10=fp0
                        4: (bf) r0 = r9
                        R9 !read_ok
                        processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 1\
                         peak_states 1 mark_read 0
                        """);
    }

    @Test
    void level1KeepsNoPathOfWhatIsAccepted() {
        start(1, "r0 = 1\nexit");
        set(0, 1);
        end();
        log.accepted();
        log.summary(new Statistics(2, 0, 0, 0));
        assertThat(log.text())
                .isEqualTo(
                        """
                        processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0\
                         peak_states 0 mark_read 0
                        """);
    }

    @Test
    void level0KeepsNothing() {
        start(0, FORK);
        assertThat(log.wants()).isFalse();
        walkBothPaths();
        log.begin(walk.flow());
        assertThat(log.text()).isEmpty();
    }

    @Test
    void aPathEndsWhereTheStateIsLikeOneBefore() {
        start(2, FORK);
        walk.goTo(4);
        log.known(walk);
        log.forks();
        log.resumes(walk, 1);
        log.known(walk);
        assertThat(log.text()).isEqualTo("4: safe\n\nfrom 1 to 4: safe\n");
    }

    @Test
    void functionsAndLiveRegistersComeFirst() {
        start(2, "call f\nexit\nf:\nr0 = r1\nexit");
        log.begin(walk.flow());
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
        lines.put(1, new SourceLine("/src/one.bpf.c", 12, 9, "int x = 5;"));
        lines.put(2, new SourceLine("/src/one.bpf.c", 13, 5, "return x;"));
        var code = Assembler.assemble("r6 = 1\nr7 = 1\nr0 = 1\nexit");
        start(1, new Program("one", TYPE, code, List.of(), lines));
        set(6, 1);
        set(7, 1);
        set(0, 1);
        assertThat(log.text())
                .isEqualTo(
                        """
                        0: R1=ctx() R10=fp0
                        ; int x = 5; @ one.bpf.c:12
                        0: (b7) r6 = 1                        ; R6=1
                        1: (b7) r7 = 1                        ; R7=1
                        ; return x; @ one.bpf.c:13
                        2: (b7) r0 = 1                        ; R0=1
                        """);
    }
}
