package io.jsockmap.bpf.verifier.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verification;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.rule.Rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What the corpus, which is held against Linux, can't say: other types, licenses and options. */
class CallsTest {
    private static final ProgramType PLAIN =
            new ProgramType(
                    "plain",
                    1,
                    ContextLayout.of("struct plain", 8).build(),
                    Helper.table(BaseHelpers.ALL, MapHelpers.ALL),
                    Kfuncs.COMMON);

    private static final MapDefinition TIMERS =
            MapDefinition.of("timers", MapType.HASH, 4, 16, 4)
                    .withSpecial(List.of(new SpecialField(SpecialField.Kind.TIMER, 0)));

    private static Verification verify(String code, Options options, BpfMap... maps) {
        return verify(PLAIN, "GPL", code, options, maps);
    }

    private static Verification verify(
            ProgramType type, String license, String code, Options options, BpfMap... maps) {
        var debug = new Debug(new TreeMap<>(), List.of(), Optional.empty(), license);
        var program = new Program("test", type, Assembler.assemble(code), List.of(maps), debug);
        return Verifier.verify(program, options);
    }

    private static void assertAccepted(Verification verification) {
        assertThat(verification.refusal()).isEmpty();
    }

    private static void assertRefused(
            Verification verification, Rule rule, Errno errno, String message) {
        var refusal = verification.refusal().orElseThrow();
        assertThat(refusal.message()).isEqualTo(message);
        assertThat(refusal.rule()).isEqualTo(rule);
        assertThat(refusal.errno()).isEqualTo(errno);
    }

    private static String place(String kfunc) {
        return "kfunc#%d@0".formatted(PLAIN.placeOfKfunc(kfunc).orElseThrow());
    }

    // --- Pointers that must not become numbers ---------------------------------------------------

    private static final String POINTER_AS_FLAGS =
            """
            *(u64 *)(r10 - 8) = 0
            r1 = map[fd:0]
            r2 = r10
            r2 += -8
            r3 = r2
            r4 = r10
            call 2
            r0 = 0
            exit
            """;

    private static BpfMap hash() {
        return MapKinds.plain().create(MapDefinition.of("hash", MapType.HASH, 4, 8, 4));
    }

    @Test
    void aPointerForANumberIsALeakWherePointersAreKept() {
        assertAccepted(verify(POINTER_AS_FLAGS, Options.DEFAULT, hash()));
        assertRefused(
                verify(POINTER_AS_FLAGS, Options.DEFAULT.keepingPointers(), hash()),
                Rule.POINTER_LEAK,
                Errno.EACCES,
                "R4 leaks addr into helper function");
    }

    @Test
    void aPointerAsTheProgramsResultIsALeakWherePointersAreKept() {
        assertAccepted(verify("r0 = r10\nexit", Options.DEFAULT));
        assertRefused(
                verify("r0 = r10\nexit", Options.DEFAULT.keepingPointers()),
                Rule.POINTER_LEAK,
                Errno.EACCES,
                "R0 leaks addr as return value");
    }

    @Test
    void aPointerToWhatIsGoneCanNotBeReadWherePointersAreKept() {
        var code =
                """
                r1 = map[fd:0]
                r2 = 8
                r3 = 0
                call 131
                if r0 == 0 goto +5
                r6 = r0
                r1 = r0
                r2 = 0
                call 132
                r0 = r6
                r0 = 0
                exit
                """;
        var ring = MapKinds.plain().create(MapDefinition.of("r", MapType.RINGBUF, 0, 0, 4096));
        assertAccepted(verify(code, Options.DEFAULT, ring));
        assertRefused(
                verify(code, Options.DEFAULT.keepingPointers(), ring),
                Rule.UNINITIALISED_REGISTER,
                Errno.EACCES,
                "R6 !read_ok");
    }

    // --- Who may call what -----------------------------------------------------------------------

    @Test
    void aNumberWithoutAHelperIsRefusedByNumber() {
        assertRefused(
                verify("call 9999\nexit", Options.DEFAULT),
                Rule.UNKNOWN_HELPER,
                Errno.EINVAL,
                "invalid func unknown#9999");
    }

    @Test
    void functionsOfTheKernelAreForProgramsUnderTheGpl() {
        var code =
                "call %s\ncall %s\nr0 = 0\nexit"
                        .formatted(place("bpf_preempt_disable"), place("bpf_preempt_enable"));
        assertAccepted(verify(code, Options.DEFAULT));
        assertRefused(
                verify(PLAIN, "MIT", code, Options.DEFAULT),
                Rule.GPL_ONLY,
                Errno.EINVAL,
                "cannot call kernel function from non-GPL compatible program");
    }

    @Test
    void aFunctionThatIsMissingIsRefusedOnlyWhereItIsReached() {
        assertRefused(
                verify("call kfunc#0@0\nr0 = 0\nexit", Options.DEFAULT),
                Rule.UNKNOWN_KFUNC,
                Errno.EINVAL,
                "invalid kernel function call not eliminated in verifier pass");
        assertAccepted(
                verify(
                        "r1 = 0\nif r1 == 0 goto +1\ncall kfunc#0@0\nr0 = 0\nexit",
                        Options.DEFAULT));
    }

    @Test
    void preemptionIsEnabledAsOftenAsItWasDisabled() {
        var code =
                "call %1$s\ncall %1$s\ncall %2$s\nr0 = 0\nexit"
                        .formatted(place("bpf_preempt_disable"), place("bpf_preempt_enable"));
        assertRefused(
                verify(code, Options.DEFAULT),
                Rule.PREEMPTION,
                Errno.EINVAL,
                "BPF_EXIT instruction in main prog cannot be used inside"
                        + " bpf_preempt_disable-ed region");
    }

    // --- Results ---------------------------------------------------------------------------------

    @Test
    void aResultOutsideOfTheTypesRangeIsRefused() {
        var type = PLAIN.returning(0, 1);
        assertAccepted(verify(type, "GPL", "r0 = 1\nexit", Options.DEFAULT));
        assertRefused(
                verify(type, "GPL", "r0 = 7\nexit", Options.DEFAULT),
                Rule.RETURN_VALUE,
                Errno.EINVAL,
                "At program exit the register R0 has smin=7 smax=7 should have been in [0, 1]");
        assertRefused(
                verify(type, "GPL", "r0 = r1\nexit", Options.DEFAULT),
                Rule.RETURN_VALUE,
                Errno.EINVAL,
                "At program exit the register R0 is not a known value (ctx)");
    }

    // --- Maps in maps ----------------------------------------------------------------------------

    private static final String LOOKUP_INNER =
            """
            r1 = map[fd:0]
            r2 = r10
            r2 += -8
            call 1
            if r0 == 0 goto out
            """;

    private static BpfMap outer() {
        var outer = MapDefinition.of("outer", MapType.HASH_OF_MAPS, 4, 4, 4);
        return MapKinds.plain().create(outer.holding(TIMERS));
    }

    private static String initTimer(String map) {
        return "*(u64 *)(r10 - 8) = 0\n"
                + LOOKUP_INNER
                + "r6 = r0\n"
                + LOOKUP_INNER
                + """
                r7 = r0
                r1 = r6
                r2 = r10
                r2 += -8
                call 1
                if r0 == 0 goto out
                r1 = r0
                r2 = %s
                r3 = 1
                call 169
                out:
                r0 = 0
                exit
                """
                        .formatted(map);
    }

    // --- Chains of calls -------------------------------------------------------------------------

    /** Six functions name the next a hundred times each; no path goes there, but chains do. */
    @Test
    @Timeout(60)
    void aFunctionThatIsCalledFromManyPlacesIsCountedOnce() {
        var code = new StringBuilder("r1 = 0\ncall f1\nexit\n");
        for (int i = 1; i < 7; i++) {
            code.append("f%d:\n".formatted(i));
            code.append("if r1 == 0 goto +1\ncall f%d\n".formatted(i + 1).repeat(100));
            code.append("r0 = 0\nexit\n");
        }
        assertAccepted(verify(code + "f7:\nr0 = 0\nexit", Options.DEFAULT));
    }

    // --- Functions of the kernel's modules -------------------------------------------------------

    @Test
    void aFunctionOfAModuleIsRefused() {
        var code = "call %s\nr0 = 0\nexit".formatted(place("bpf_preempt_disable"));
        assertRefused(
                verify(code.replace("@0", "@5"), Options.DEFAULT),
                Rule.UNKNOWN_KFUNC,
                Errno.EPROTO,
                "kfunc offset > 0 without fd_array is invalid");
        assertRefused(
                verify(code.replace("@0", "@-1"), Options.DEFAULT),
                Rule.UNKNOWN_KFUNC,
                Errno.EINVAL,
                "negative offset disallowed for kernel module function call");
    }

    // --- Timers ----------------------------------------------------------------------------------

    @Test
    void aTimerIsInitialisedWithTheMapThatItIsIn() {
        assertAccepted(verify(initTimer("r6"), Options.DEFAULT, outer()));
        var other = verify(initTimer("r7"), Options.DEFAULT, outer()).refusal().orElseThrow();
        assertThat(other.message())
                .matches(
                        "timer pointer in R1 map_uid=\\d+ doesn't match map pointer in R2"
                                + " map_uid=\\d+");
    }
}
