package io.jsockmap.testkit.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that work get no finding that is not true. */
class NoFalseAlarmsTest {

    /** Two notes: the policy fills with zeros beforehand, the splice passes what has no peer. */
    @Test
    void theExamplesHaveNothingButTwoResultsThatAreIgnoredOnPurpose() throws Exception {
        assertThat(findings(Objects.EXAMPLES, Severity.NOTE))
                .containsExactlyInAnyOrder(
                        "http-policy parse result-ignored",
                        "http-policy judge result-ignored",
                        "splice splice redirect-ignored");
    }

    /** Programs of the shapes in the field, each finding looked at: it is so. */
    @Test
    void theTestProgramsHaveTheseAndNoOthers() throws Exception {
        assertThat(findings(Objects.PROGRAMS, Severity.WARNING))
                .containsExactlyInAnyOrder(
                        "c02-ingress-to-egress relay end-of-stream-redirected",
                        "echo-hash echo end-of-stream-redirected",
                        "flags skb_map end-of-stream-redirected",
                        "flags skb_hash end-of-stream-redirected",
                        "pair relay end-of-stream-redirected",
                        "map-programs drop_sent verdict-never-pass",
                        "map-programs drop_received verdict-never-pass",
                        "map-programs parse_by_pulling parser-changes-buffer",
                        "map-programs parse_by_storing packet-without-pull",
                        "msg-parameters pass result-ignored",
                        "msg-parameters redirect result-ignored",
                        "msg-parameters drop result-ignored",
                        "msg-parameters drop verdict-never-pass",
                        "skb-edit edit framed-message-resized",
                        "skb-edit edit framed-message-resized",
                        "skb-edit edit framed-message-resized",
                        "skb-lucky lucky packet-without-pull");
    }

    /** The hostile ones are there to be refused. */
    private static List<String> findings(Path folder, Severity least) throws Exception {
        List<String> all = new ArrayList<>();
        for (var object : Objects.below(folder)) {
            if (Objects.nameOf(object).equals("hostile")) continue;
            for (var finding : Objects.findings(object)) {
                if (!finding.severity().isAtLeast(least)) continue;
                all.add(
                        "%s %s %s"
                                .formatted(
                                        Objects.nameOf(object),
                                        finding.program().orElse("-"),
                                        finding.rule()));
            }
        }
        return all;
    }
}
