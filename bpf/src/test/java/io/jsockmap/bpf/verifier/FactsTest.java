package io.jsockmap.bpf.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Structure;
import io.jsockmap.bpf.program.Target;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What the verifier says of instructions, beside that they are right. */
class FactsTest {
    private static final ContextLayout<Object> SOCK =
            ContextLayout.<Object>of("struct bpf_sock", 80).exact(0, 4, "mark", _ -> 0).build();

    private static final Structure SOCKET = Structure.socket("sock", SOCK);

    private static final ContextLayout<Object> CONTEXT =
            ContextLayout.<Object>of("struct test", 32)
                    .pointer(0, 8, "data", Content.PACKET, (_, _) -> 0)
                    .pointer(8, 8, "data_end", Content.PACKET_END, (_, _) -> 0)
                    .exact(16, 4, "mark", _ -> 0)
                    .pointer(24, 8, "sk", new Content.Pointer(SOCKET, true), (_, _) -> 0)
                    .build();

    private static final ProgramType TYPE =
            new ProgramType(
                    "test",
                    1,
                    CONTEXT,
                    Helper.table(BaseHelpers.ALL, MapHelpers.ALL),
                    Kfuncs.COMMON);

    private static BpfMap array(String name) {
        return array(name, 4);
    }

    private static BpfMap array(String name, int entries) {
        return MapKinds.plain().create(MapDefinition.of(name, MapType.ARRAY, 4, 8, entries));
    }

    private static Program program(String code, BpfMap... maps) {
        var debug = new Debug(new TreeMap<>(), List.of(), Optional.empty(), "GPL");
        return new Program("test", TYPE, Assembler.assemble(code), List.of(maps), debug);
    }

    private static Facts facts(String code, BpfMap... maps) {
        var verification = Verifier.verify(program(code, maps), Options.DEFAULT);
        assertThat(verification.refusal()).isEmpty();
        return verification.facts().orElseThrow();
    }

    private static String place(String kfunc) {
        return "kfunc#%d@0".formatted(TYPE.placeOfKfunc(kfunc).orElseThrow());
    }

    // --- Where memory is -------------------------------------------------------------------------

    @Test
    void constantPlacesOfTheContextAndOfTheOwnFrameAreKnown() {
        var facts =
                facts(
                        """
                        r0 = *(u32 *)(r1 + 16)
                        *(u64 *)(r10 - 16) = r0
                        r2 = r10
                        r2 += -24
                        r0 = *(u64 *)(r2 + 8)
                        exit
                        """);

        assertThat(facts.target(0)).isEqualTo(new Target.Context(16));
        assertThat(facts.target(1)).isEqualTo(new Target.Stack(-16));
        assertThat(facts.target(4)).isEqualTo(new Target.Stack(-16));
        assertThat(facts.target(2)).isEqualTo(Target.ANY);
    }

    @Test
    void structuresAndThePacketAreKnown() {
        var facts =
                facts(
                        """
                        r2 = *(u64 *)(r1 + 0)
                        r3 = *(u64 *)(r1 + 8)
                        r4 = r2
                        r4 += 4
                        if r4 > r3 goto +1
                        r0 = *(u8 *)(r2 + 3)
                        r5 = *(u64 *)(r1 + 24)
                        if r5 == 0 goto +1
                        r0 = *(u32 *)(r5 + 0)
                        r0 = 0
                        exit
                        """);

        assertThat(facts.target(5)).isEqualTo(Target.PACKET);
        assertThat(facts.target(8)).isEqualTo(new Target.Structure(SOCKET, 0));
        assertThat(facts.nonNegative(4)).isTrue();
    }

    private static final String LOOKUP =
            """
            *(u32 *)(r10 - 4) = 0
            r6 = *(u32 *)(r1 + 16)
            r1 = map[fd:0]
            r2 = r10
            r2 += -4
            call 1
            """;

    @Test
    void valuesOfMapsAreBytes() {
        var facts =
                facts(
                        LOOKUP
                                + """
                                if r0 == 0 goto +1
                                r0 = *(u64 *)(r0 + 0)
                                exit
                                """,
                        array("a"));

        assertThat(facts.target(8)).isEqualTo(Target.PLAIN);
        assertThat(facts.argument(6, 2)).isEqualTo(new Target.Stack(-4));
        assertThat(facts.argument(6, 1)).isEqualTo(Target.ANY);
        assertThat(facts.argument(6, 3)).isEqualTo(Target.ANY);
        assertThat(facts.map(6, 1)).hasValue(0);
        assertThat(facts.map(6, 2)).isEmpty();
    }

    @Test
    void anInstructionThatReachesAMapOrTheFrameReachesBytes() {
        var facts =
                facts(
                        """
                        *(u64 *)(r10 - 8) = 1
                        r6 = *(u32 *)(r1 + 16)
                        r1 = map[fd:0][0]+0
                        if r6 == 0 goto +2
                        r1 = r10
                        r1 += -8
                        r0 = *(u64 *)(r1 + 0)
                        exit
                        """,
                        array("a", 1));

        assertThat(facts.target(7)).isEqualTo(Target.PLAIN);
        assertThat(facts.target(0)).isEqualTo(new Target.Stack(-8));
        assertThat(facts.stack(0).isDirect(-8)).isFalse();
        assertThat(facts.stack(0).isDirect(-9)).isTrue();
    }

    @Test
    void anInstructionThatReachesTwoPlacesOfTheFrameReachesBytes() {
        var facts =
                facts(
                        """
                        *(u64 *)(r10 - 8) = 1
                        *(u64 *)(r10 - 16) = 1
                        *(u64 *)(r10 - 24) = 1
                        r6 = *(u32 *)(r1 + 16)
                        r1 = r10
                        if r6 == 0 goto +1
                        r1 += -8
                        r0 = *(u64 *)(r1 - 8)
                        exit
                        """);

        assertThat(facts.target(7)).isEqualTo(Target.FRAME);
        assertThat(facts.stack(0).isDirect(-1)).isFalse();
        assertThat(facts.stack(0).isDirect(-16)).isFalse();
        assertThat(facts.stack(0).isDirect(-17)).isTrue();
    }

    @Test
    void anInstructionThatReachesThePacketOrTheFrameReachesAnything() {
        var facts =
                facts(
                        """
                        *(u64 *)(r10 - 8) = 1
                        r2 = *(u64 *)(r1 + 0)
                        r3 = *(u64 *)(r1 + 8)
                        r4 = r2
                        r4 += 8
                        if r4 > r3 goto +1
                        goto +2
                        r2 = r10
                        r2 += -8
                        r0 = *(u64 *)(r2 + 0)
                        exit
                        """);

        assertThat(facts.target(9)).isEqualTo(Target.ANY);
        assertThat(facts.stack(0).isDirect(-8)).isFalse();
    }

    @Test
    void anInstructionThatNoPathGetsToIsNotReached() {
        var facts =
                facts(
                        """
                        r0 = 1
                        if r0 == 1 goto +1
                        r0 = *(u64 *)(r10 - 8)
                        exit
                        """);

        assertThat(facts.isReached(1)).isTrue();
        assertThat(facts.isReached(2)).isFalse();
        assertThat(facts.target(2)).isEqualTo(Target.ANY);
        assertThat(facts.lowest(0)).isZero();
    }

    // --- Maps ------------------------------------------------------------------------------------

    @Test
    void aCallWithOneOfTwoMapsHasNone() {
        var facts =
                facts(
                        """
                        *(u32 *)(r10 - 4) = 0
                        r6 = *(u32 *)(r1 + 16)
                        r1 = map[fd:0]
                        if r6 == 0 goto +2
                        r1 = map[fd:1]
                        r2 = r10
                        r2 += -4
                        call 1
                        r0 = 0
                        exit
                        """,
                        array("a"),
                        array("b"));

        assertThat(facts.isReached(9)).isTrue();
        assertThat(facts.map(9, 1)).isEmpty();
    }

    @Test
    void aMapOutOfAMapOfMapsHasNoPlace() {
        var inner = MapDefinition.of("inner", MapType.ARRAY, 4, 8, 4);
        var outer =
                MapKinds.plain()
                        .create(
                                MapDefinition.of("outer", MapType.ARRAY_OF_MAPS, 4, 4, 4)
                                        .holding(inner));
        var facts =
                facts(
                        LOOKUP
                                + """
                                if r0 == 0 goto +4
                                r1 = r0
                                r2 = r10
                                r2 += -4
                                call 1
                                r0 = 0
                                exit
                                """,
                        outer,
                        MapKinds.plain().create(inner));

        assertThat(facts.map(6, 1)).hasValue(0);
        assertThat(facts.isReached(11)).isTrue();
        assertThat(facts.map(11, 1)).isEmpty();
    }

    // --- The frame -------------------------------------------------------------------------------

    @Test
    void bytesThatAHelperReadsAreNotDirect() {
        var facts = facts(LOOKUP + "*(u64 *)(r10 - 24) = r6\nr0 = 0\nexit", array("a")).stack(0);

        for (int at = -4; at < 0; at++) assertThat(facts.isDirect(at)).isFalse();
        assertThat(facts.isDirect(-5)).isTrue();
        assertThat(facts.isDirect(-24)).isTrue();
        assertThat(facts.escapes()).isTrue();
        assertThat(facts.lowest()).isEqualTo(-24);
    }

    @Test
    void aFrameThatIsOnlyABaseDoesNotEscape() {
        var stack = facts("*(u64 *)(r10 - 8) = r1\nr1 = *(u64 *)(r10 - 8)\nr0 = 0\nexit").stack(0);

        assertThat(stack.escapes()).isFalse();
        assertThat(stack.isDirect(-8)).isTrue();
        assertThat(facts("*(u64 *)(r10 - 8) = r10\nr0 = 0\nexit").stack(0).escapes()).isTrue();
        assertThat(facts("r0 = 0\nif r1 == r10 goto +0\nexit").stack(0).escapes()).isTrue();
    }

    @Test
    void aPointerThatWasSpilledIsStillKnown() {
        var facts =
                facts(
                        """
                        r2 = r10
                        r2 += -16
                        *(u64 *)(r10 - 8) = r2
                        r3 = *(u64 *)(r10 - 8)
                        *(u64 *)(r3 + 0) = r1
                        r0 = 0
                        exit
                        """);

        assertThat(facts.target(4)).isEqualTo(new Target.Stack(-16));
        assertThat(facts.stack(0).isDirect(-16)).isTrue();
    }

    @Test
    void bytesThatAVariableOffsetMayReachAreNotDirect() {
        var facts =
                facts(
                        """
                        r6 = *(u32 *)(r1 + 16)
                        r6 &= 8
                        *(u64 *)(r10 - 8) = r6
                        *(u64 *)(r10 - 16) = r6
                        *(u64 *)(r10 - 24) = r6
                        r2 = r10
                        r2 += r6
                        r0 = *(u64 *)(r2 - 24)
                        exit
                        """);

        assertThat(facts.target(7)).isEqualTo(Target.FRAME);
        assertThat(facts.stack(0).isDirect(-24)).isFalse();
        assertThat(facts.stack(0).isDirect(-9)).isFalse();
        assertThat(facts.stack(0).isDirect(-8)).isTrue();
    }

    @Test
    void bytesThatACalleeReachesAreNotDirect() {
        var facts =
                facts(
                        """
                        *(u64 *)(r10 - 8) = 1
                        *(u64 *)(r10 - 16) = 1
                        r1 = r10
                        r1 += -16
                        call pc+1
                        exit
                        *(u64 *)(r10 - 8) = 2
                        r0 = *(u64 *)(r1 + 8)
                        exit
                        """);

        assertThat(facts.argument(4, 1)).isEqualTo(new Target.Stack(-16));
        assertThat(facts.target(6)).isEqualTo(new Target.Stack(-8));
        assertThat(facts.target(7)).isEqualTo(Target.PLAIN);
        assertThat(facts.stack(0).isDirect(-8)).isFalse();
        assertThat(facts.stack(0).isDirect(-16)).isTrue();
        assertThat(facts.stack(6).isDirect(-8)).isTrue();
        assertThat(facts.stack(6).escapes()).isFalse();
        assertThat(facts.lowest(6)).isEqualTo(-8);
    }

    @Test
    void bytesThatACallbackReachesAreNotDirect() {
        var facts =
                facts(
                        """
                        *(u64 *)(r10 - 8) = 0
                        *(u64 *)(r10 - 16) = 0
                        r1 = 4
                        r2 = subprog[+7]
                        r3 = r10
                        r3 += -16
                        r4 = 0
                        call 181
                        r0 = 0
                        exit
                        *(u64 *)(r2 + 0) = r1
                        r0 = 0
                        exit
                        """);

        assertThat(facts.target(11)).isEqualTo(Target.PLAIN);
        assertThat(facts.argument(8, 3)).isEqualTo(new Target.Stack(-16));
        assertThat(facts.stack(0).isDirect(-16)).isFalse();
        assertThat(facts.stack(0).isDirect(-8)).isTrue();
    }

    @Test
    void bytesOfAnIteratorAreNotDirect() {
        var facts =
                facts(
                        """
                        r1 = r10
                        r1 += -16
                        r2 = 0
                        r3 = 4
                        call %s
                        r1 = r10
                        r1 += -16
                        call %s
                        *(u64 *)(r10 - 8) = 0
                        r0 = 0
                        exit
                        """
                                .formatted(
                                        place("bpf_iter_num_new"), place("bpf_iter_num_destroy")));

        assertThat(facts.stack(0).isDirect(-16)).isFalse();
        assertThat(facts.stack(0).isDirect(-9)).isFalse();
        assertThat(facts.stack(0).isDirect(-8)).isTrue();
    }

    @Test
    void bytesOfADynptrAreNotDirect() {
        var facts =
                facts(
                        """
                        r1 = map[fd:0][0]+0
                        r2 = 8
                        r3 = 0
                        r4 = r10
                        r4 += -24
                        call 197
                        *(u64 *)(r10 - 8) = 0
                        r0 = 0
                        exit
                        """,
                        array("a", 1));

        assertThat(facts.stack(0).isDirect(-24)).isFalse();
        assertThat(facts.stack(0).isDirect(-9)).isFalse();
        assertThat(facts.stack(0).isDirect(-8)).isTrue();
    }

    @Test
    void nothingIsDirectWhereAHelperReadsAtAnyAddress() {
        var probing =
                """
                *(u64 *)(r10 - 16) = 1
                r3 = r10
                r3 += -16
                r1 = r10
                r1 += -8
                r2 = 8
                call 113
                r0 = 0
                exit
                """;
        var stack = facts(probing).stack(0);

        assertThat(stack.isDirect(-16)).isFalse();
        assertThat(stack.isDirect(-512)).isFalse();
    }

    // --- Numbers ---------------------------------------------------------------------------------

    @Test
    void loadsOfLessThanEightBytesAreNotNegative() {
        var facts =
                facts(
                        """
                        r2 = *(u32 *)(r1 + 16)
                        r3 = *(u32 *)(r1 + 16)
                        if r3 > r2 goto +0
                        r2 /= r3
                        if r3 == 0 goto +1
                        r2 %= r3
                        *(u64 *)(r10 - 8) = r2
                        r4 = *(u64 *)(r10 - 8)
                        if r4 > 7 goto +0
                        r0 = 0
                        exit
                        """);

        assertThat(facts.nonNegative(2)).isTrue();
        assertThat(facts.nonNegative(3)).isTrue();
        assertThat(facts.nonZero(3)).isFalse();
        assertThat(facts.nonZero(5)).isTrue();
        assertThat(facts.nonNegative(8)).isFalse();
    }

    @Test
    void aNumberThatOnlyOnePathKnowsIsNot() {
        var facts =
                facts(
                        """
                        r2 = *(u32 *)(r1 + 16)
                        r3 = 5
                        if r2 == 0 goto +1
                        r3 = -5
                        r4 = 7
                        r4 /= r3
                        if r3 > 3 goto +0
                        r0 = 0
                        exit
                        """);

        assertThat(facts.nonNegative(5)).isFalse();
        assertThat(facts.nonNegative(6)).isFalse();
        assertThat(facts.nonZero(5)).isTrue();
    }

    @Test
    void aComparisonTellsTheSign() {
        var facts =
                facts(
                        """
                        call 7
                        r6 = r0
                        call 5
                        if r0 s< 0 goto +3
                        if r0 > 7 goto +0
                        r6 += r0
                        if r6 > 7 goto +0
                        if r0 > 7 goto +1
                        if r0 > 7 goto +0
                        r0 = 0
                        exit
                        """);

        assertThat(facts.nonNegative(4)).isTrue();
        assertThat(facts.nonNegative(6)).isFalse();
        assertThat(facts.nonNegative(7)).isFalse();
        assertThat(facts.nonNegative(8)).isTrue();
    }

    @Test
    void theZeroOfThirtyTwoBitsIsThatOfTheLowHalf() {
        var facts =
                facts(
                        """
                        r2 = 0x100000000 ll
                        r3 = 5
                        w3 /= w2
                        r2 = 6
                        w3 /= w2
                        w3 /= 3
                        r0 = 0
                        exit
                        """);

        assertThat(facts.nonZero(3)).isFalse();
        assertThat(facts.nonZero(5)).isTrue();
        assertThat(facts.nonZero(6)).isTrue();
        assertThat(facts.nonNegative(5)).isFalse();
    }

    // --- Who gets them ---------------------------------------------------------------------------

    @Test
    void theAcceptedProgramHasThemAndIsTheSame() {
        var program = program("r0 = 0\nexit");
        var verification = Verifier.verify(program, Options.DEFAULT);

        assertThat(program.facts()).isEmpty();
        assertThat(verification.accepted().facts()).isEqualTo(verification.facts());
        assertThat(verification.accepted().id()).isEqualTo(program.id());
    }

    @Test
    void aRefusedProgramHasNone() {
        assertThat(Verifier.verify(program("r0 = r5\nexit"), Options.DEFAULT).facts()).isEmpty();
    }
}
