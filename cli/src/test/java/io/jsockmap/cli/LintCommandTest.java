package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintCommandTest {
    private static final String SPLICE = Outcome.example("splice");
    private static final String RESIZED = fixture("framed-message-resized-wrong");
    private static final String KEYS = fixture("key-padding-wrong");
    private static final String HALF_KNOWN =
            Outcome.ROOT.resolve("cli/src/test/resources/lint/half-known.bpf.o").toString();

    private static String fixture(String name) {
        return Outcome.ROOT
                .resolve("testkit/src/test/resources/lint/" + name + ".bpf.o")
                .toString();
    }

    @Test
    void aFindingHasItsPlaceItsReasonItsLineAndARepair() {
        var outcome = Outcome.of("lint", RESIZED);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.out())
                .isEqualToNormalizingNewlines(
                        """
                        framed-message-resized-wrong.bpf.c:17: warning: shorten: bpf_skb_change_tail changes the length of a message \
                        that the parser has framed: Linux cuts off what is added, and panics or breaks the target where bytes are taken \
                        away. [framed-message-resized]
                            if (bpf_skb_change_tail(skb, 4, 0)) // lint: framed-message-resized
                          Fix: Change lengths without a parser, or on the send side by an SK_MSG program.
                        1 warning. docs/lint.md explains the rules.
                        """);
    }

    @Test
    void notesAloneAreNoFailure() {
        var outcome = Outcome.of("lint", SPLICE);
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains(": note: splice: ", "[redirect-ignored]", "\n1 note. ");
    }

    @ParameterizedTest
    @CsvSource({
        "note, note, 1", // what is shown; from what on it is a failure; the exit code
        "note, warning, 1",
        "note, error, 0",
        "warning, note, 1",
        "error, note, 0"
    })
    void howGraveAFailureIsCanBeChosen(String severity, String failOn, int code) {
        var outcome = Outcome.of("lint", "--severity", severity, "--fail-on", failOn, KEYS);
        assertThat(outcome.code()).isEqualTo(code);
        assertThat(outcome.out().contains(": note: ")).isEqualTo(severity.equals("note"));
    }

    @Test
    void rulesCanBeChosenAndLeftOutAlsoForOneProgram() {
        assertThat(Outcome.of("lint", "--rule", "key-never-matches", KEYS).out())
                .isEqualToNormalizingNewlines("Nothing found.\n");
        assertThat(Outcome.of("lint", "--skip-rule", "key-padding", KEYS).out())
                .isEqualToNormalizingNewlines("Nothing found.\n");
        assertThat(Outcome.of("lint", "--skip-rule", "key-padding:by_fields", KEYS).out())
                .contains("on_some_path: ")
                .doesNotContain("by_fields: ");
    }

    @Test
    void aRuleThatThereIsNotIsNotUnderstood() {
        var outcome = Outcome.of("lint", "--skip-rule", "key-paddin:judge", KEYS);
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("jsockmap: no rule is called key-paddin: docs/lint.md lists them");
    }

    @Test
    void jsonIsALineForEachFinding() {
        var outcome = Outcome.of("lint", "--json", RESIZED, SPLICE);
        assertThat(outcome.code()).isEqualTo(1);
        var lines = outcome.out().lines().map(JsonParser::parseString).toList();
        assertThat(lines).hasSize(2);
        var finding = lines.getFirst().getAsJsonObject();
        assertThat(finding.get("object").getAsString())
                .isEqualTo("framed-message-resized-wrong.bpf.o");
        assertThat(finding.get("rule").getAsString()).isEqualTo("framed-message-resized");
        assertThat(finding.get("severity").getAsString()).isEqualTo("warning");
        assertThat(finding.get("program").getAsString()).isEqualTo("shorten");
        assertThat(finding.get("line").getAsInt()).isEqualTo(17);
        assertThat(finding.get("text").getAsString()).contains("bpf_skb_change_tail");
        assertThat(finding.get("page").getAsString())
                .isEqualTo("docs/lint.md#framed-message-resized");
    }

    @Test
    void whatCannotBeLoadedIsToldInALineAndTheRestIsLookedAt() {
        var outcome = Outcome.of("lint", HALF_KNOWN);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.out().lines().toList())
                .satisfiesOnlyOnce(
                        line ->
                                assertThat(line)
                                        .startsWith("half-known.bpf.o: calls_the_kernel is not")
                                        .contains("ESRCH: ", "bpf_nobody"))
                .satisfiesOnlyOnce(
                        line ->
                                assertThat(line)
                                        .startsWith("half-known.bpf.o: of_no_type is not")
                                        .contains("section somewhere"))
                .anySatisfy(line -> assertThat(line).endsWith("[result-ignored]"));
    }

    @Test
    void aProgramWithoutATypeIsLookedAtAsOneSays() {
        var outcome = Outcome.of("lint", "--type", "of_no_type=sk_skb/stream_parser", HALF_KNOWN);
        assertThat(outcome.out()).contains("of_no_type: ", "[parser-changes-buffer]");
    }

    @Test
    void anObjectThatIsNotThere() {
        CommandLineTest.assertRefused(Outcome.of("lint", "nothing.o"), "ENOENT: ", "nothing.o");
    }
}
