package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.kernel.KernelVerifier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyCommandTest {
    private static final String SPLICE = Outcome.example("splice");
    private static final String POLICY = Outcome.example("http-policy");

    @Test
    void aProgramThatIsAcceptedGetsALineWithItsCounters() {
        var outcome = Outcome.of("verify", SPLICE);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .matches("splice \\(sk_skb\\): accepted: \\d+ instructions, .*\\R");
    }

    @Test
    void oneProgramCanBeVerifiedAlone() {
        var outcome = Outcome.of("verify", "--program", "judge", POLICY);
        assertThat(outcome.out().lines()).singleElement().asString().startsWith("judge (sk_skb): ");
        CommandLineTest.assertRefused(
                Outcome.of("verify", "--program", "nobody", POLICY), "ENOENT: ", "nobody");
    }

    @Test
    void anObjectWithoutProgramsToVerifyIsRefusedInALine() {
        CommandLineTest.assertRefused(
                Outcome.of("verify", "--skip", "splice", SPLICE),
                "ENOENT: ",
                "splice.bpf.o has no program of a type that is known, and not left out");
    }

    /** A parser of the wrong type reads a context that is another. */
    @Test
    void aProgramThatIsRefusedGetsTheKernelsPhraseAndFourParts() {
        var outcome = Outcome.of("verify", "--type", "splice=sk_msg", SPLICE);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out()).startsWith("splice (sk_msg): refused: ");
        assertThat(outcome.out().lines().map(String::strip).map(line -> line.split(":", -1)[0]))
                .containsSubsequence("Reason", "At", "Path", "Suggestion");
        assertThat(outcome.out()).contains("splice.bpf.c:");
    }

    @Test
    void theLogIsThatOfLinux() {
        var outcome = Outcome.of("verify", "--log", "2", SPLICE);
        assertThat(outcome.out())
                .startsWith("func#0 @0\n")
                .contains("\n0: R1=ctx() R10=fp0\n")
                .contains("processed ", " insns (limit 1000000) max_states_per_insn ");
    }

    @Test
    void level1HasThePathThatIsRefused() {
        assertThat(Outcome.of("verify", "--log", "1", SPLICE).out()).startsWith("processed ");
        assertThat(Outcome.of("verify", "--log", "1", "--type", "splice=sk_msg", SPLICE).out())
                .startsWith("0: R1=ctx() R10=fp0\n")
                .contains("\nprogram of this type cannot use helper bpf_get_socket_cookie#46\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "-1", "x"})
    void thereAreThreeLevels(String level) {
        var outcome = Outcome.of("verify", "--log=" + level, SPLICE);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("jsockmap: ");
    }

    @Test
    void theKernelsAnswerStandsBesideOurs() {
        var outcome = Outcome.of("verify", "--against-kernel", SPLICE);
        if (KernelVerifier.availability().usable()) {
            assertThat(outcome.out())
                    .contains("  ours:   accepted: ", "  kernel: accepted: ", "the answers agree");
        } else {
            assertThat(outcome.out())
                    .startsWith("The kernel is not asked: ")
                    .contains(KernelVerifier.availability().reason(), "accepted: ");
        }
        assertThat(outcome.code()).isZero();
    }
}
