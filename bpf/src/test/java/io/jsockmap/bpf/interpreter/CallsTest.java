package io.jsockmap.bpf.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.ProgArrayMap;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Functions, callbacks and tail calls, as one run goes through them. */
class CallsTest {
    private final ProgArrayMap<Program> jumps =
            new ProgArrayMap<>(MapDefinition.of("jumps", MapType.PROG_ARRAY, 4, 4, 2));

    @Test
    void eightFramesAreAllowedAndNineAreNot() {
        var text =
                """
                r1 = %d
                call deeper
                exit
                deeper:
                r1 += -1
                r0 = r1
                if r1 == 0 goto +1
                call deeper
                exit
                """;

        assertThat(Trial.of(text.formatted(7)).value()).isZero();
        assertThat(Trial.of(text.formatted(8)).fault())
                .hasMessageContaining("more than 8 calls deep")
                .hasMessageContaining("instruction 6");
    }

    @Test
    void eachCallHasAStackOfItsOwnZeroed() {
        var trial =
                Trial.of(
                        """
                        call function
                        call function
                        exit
                        function:
                        r0 = *(u64 *)(r10 - 8)
                        *(u64 *)(r10 - 8) = 5
                        exit
                        """);

        assertThat(trial.value()).isZero();
    }

    @Test
    void aTailCallLeavesTheProgramForGood() {
        jumps.set(1, program("r0 = 7\nexit"));

        assertThat(Trial.of(tailCall(1) + "r0 = 1\nexit").with(jumps).value()).isEqualTo(7);
    }

    @Test
    void aTailCallToNothingGoesOn() {
        assertThat(Trial.of(tailCall(1) + "exit").with(jumps).value()).isEqualTo(-2);
        assertThat(Trial.of(tailCall(2) + "exit").with(jumps).value()).isEqualTo(-2);
        assertThat(Trial.of(tailCall(-1) + "exit").with(jumps).value()).isEqualTo(-2);
    }

    @Test
    void aTailCallToAProgramOfAnotherTypeGoesOn() {
        var other = new ProgramType("other", 1, Fixtures.PLAIN.context(), Map.of());
        jumps.set(1, Program.of("target", other, Assembler.assemble("r0 = 7\nexit")));

        assertThat(Trial.of(tailCall(1) + "exit").with(jumps).value()).isEqualTo(-2);
    }

    @Test
    void theContextIsInR1AfterATailCall() {
        jumps.set(0, program("r0 = r1\nexit"));

        long context = Trial.of("r0 = r1\nexit").value();

        assertThat(Trial.of(tailCall(0) + "exit").with(jumps).value()).isEqualTo(context);
    }

    /** The kernel's limit: 33 tail calls, and the one too many is as one to nothing. */
    @Test
    void aLoopOfTailCallsEndsAfterThirtyThree() {
        var code = Assembler.assemble(tailCall(0) + "exit");
        jumps.set(0, new Program("again", Fixtures.PLAIN, code, List.of(jumps), new TreeMap<>()));

        var result = Trial.of(code).with(jumps).run();

        assertThat(result.value()).isEqualTo(-2);
        if (!Engines.isCompiled()) assertThat(result.instructions()).isEqualTo(34 * 3 + 1);
    }

    @Test
    void aTailCallInAFunctionReturnsToTheFunctionsCaller() {
        jumps.set(0, program("r0 = 40\nexit"));
        var trial =
                Trial.of(
                        "call function\nr0 += 2\nexit\nfunction:\n" + tailCall(0) + "r0 = 1\nexit");

        assertThat(trial.with(jumps).value()).isEqualTo(42);
    }

    @Test
    void aTailCalledProgramMayCallAsDeepAsAnyOther() {
        var target =
                """
                r1 = 7
                call deeper
                exit
                deeper:
                r1 += -1
                if r1 == 0 goto +1
                call deeper
                r0 = 5
                exit
                """;
        jumps.set(0, program(target));
        var trial =
                Trial.of(
                        "call f\ncall f\nexit\nf:\ncall g\nr0 += 1\nexit\ng:\n"
                                + tailCall(0)
                                + "exit");

        assertThat(trial.with(jumps).value()).isEqualTo(6);
    }

    @Test
    void aFaultBehindATailCallNamesTheProgramItHappenedIn() {
        jumps.set(0, program("r0 = 0\nr0 = *(u8 *)(r0 + 0)\nexit"));

        assertThat(Trial.of(tailCall(0) + "exit").with(jumps).fault())
                .hasMessageContaining("program target, instruction 1");
    }

    @Test
    void aProgramThatIsJumpedToFindsAnEmptyStack() {
        jumps.set(0, program("r2 = *(u64 *)(r10 - 8)\nr1 = 1\nr4 = 0\ncall 181\nexit"));
        var trial =
                Trial.of(
                        """
                        r6 = r1
                        r1 = subprog[+7]
                        *(u64 *)(r10 - 8) = r1
                        r1 = r6
                        r2 = map[fd:0]
                        r3 = 0
                        call 12
                        function:
                        exit
                        """);

        assertThat(trial.with(jumps).fault())
                .hasMessageContaining("a null pointer: points nowhere");
    }

    /** A hostile loop must not fill the heap with addresses of the same function. */
    @Test
    void aFunctionHasOneAddress() {
        var trial =
                Trial.of(
                        """
                        r1 = subprog[+5]
                        r2 = subprog[+3]
                        r0 = r1
                        r0 -= r2
                        exit
                        """);

        assertThat(trial.value()).isZero();
        assertThat(Trial.of("loop:\nr1 = subprog[+0]\ngoto loop").upTo(3_000_000).fault())
                .hasMessageContaining("where no instruction begins");
        assertThat(Trial.of("loop:\nr1 = subprog[+1]\ngoto loop").upTo(3_000_000).fault())
                .hasMessageContaining("ran for more than 3000000 instructions");
    }

    @Test
    void aCallbackMayCallBackInItsTurn() {
        var trial =
                Trial.of(
                        """
                        r1 = 3
                        r2 = subprog[+4]
                        r4 = 0
                        call 181
                        exit
                        outer:
                        r1 = 5
                        r2 = subprog[+5]
                        r4 = 0
                        call 181
                        r0 = 0
                        exit
                        inner:
                        r0 = 0
                        exit
                        """);

        assertThat(trial.value()).isEqualTo(3);
    }

    @Test
    void theResultSaysHowManyInstructionsRan() {
        assumeFalse(Engines.isCompiled(), "compiled code does not count");

        assertThat(Trial.of("r0 = 0\nr0 += 1\nif r0 < 3 goto -2\nexit").run().instructions())
                .isEqualTo(8);
    }

    private static String tailCall(int index) {
        return "r2 = map[fd:0]\nr3 = %d\ncall 12\n".formatted(index);
    }

    private static Program program(String text) {
        return Program.of("target", Fixtures.PLAIN, Assembler.assemble(text));
    }
}
