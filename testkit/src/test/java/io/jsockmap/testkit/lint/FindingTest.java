package io.jsockmap.testkit.lint;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.InMemoryNetwork;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** What a finding tells. */
class FindingTest {
    private static Finding of(String fixture, Rule rule) {
        return Objects.findings(Objects.FIXTURES.resolve(fixture + ".bpf.o")).stream()
                .filter(f -> f.rule() == rule)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itNamesTheHelperTheProgramAndTheLine() {
        var finding = of("parser-changes-buffer-wrong", Rule.PARSER_CHANGES_BUFFER);
        assertThat(finding.program()).contains("parse");
        assertThat(finding.place("x.o")).isEqualTo("parser-changes-buffer-wrong.bpf.c:11");
        assertThat(finding.why()).contains("bpf_skb_pull_data", "EINVAL");
        assertThat(finding.line().orElseThrow().text()).startsWith("if (bpf_skb_pull_data");
        assertThat(finding.page()).isEqualTo("docs/lint.md#parser-changes-buffer");
    }

    @Test
    void paddingIsNamedByTheTypesOfTheObject() {
        assertThat(of("key-padding-wrong", Rule.KEY_PADDING).why())
                .isEqualTo(
                        "Byte 7 of the key of targets (padding of struct key behind `protocol`):"
                                + " never written.");
        assertThat(Objects.findings(Objects.FIXTURES.resolve("key-padding-wrong.bpf.o")))
                .extracting(Finding::severity)
                .containsExactly(Severity.WARNING, Severity.NOTE);
    }

    @Test
    void aPortThatWasSwappedIsShownAsItWasWritten() {
        assertThat(Objects.findings(Objects.FIXTURES.resolve("port-byte-order-wrong.bpf.o")))
                .extracting(Finding::why)
                .anyMatch(
                        why -> why.startsWith("local_port never equals 0x901f0000 (8080 swapped)"));
    }

    @Test
    void aRefusedProgramIsLookedAtAllTheSame() {
        var findings = Objects.findings(Objects.FIXTURES.resolve("verifier-refusal-wrong.bpf.o"));
        assertThat(findings)
                .extracting(Finding::rule)
                .containsExactly(Rule.CALL_ALWAYS_FAILS, Rule.VERIFIER_REFUSAL);
        assertThat(findings.getLast().why())
                .startsWith("Linux refuses the program: invalid access to packet");
        assertThat(findings.getLast().fix()).contains("data_end");
    }

    /** A program whose section is a bare sk_skb, attached as a parser by hand. */
    @Test
    void whereAProgramGoesMayBeSaidByHand() {
        var file = Objects.FIXTURES.resolve("packet-without-pull-right.bpf.o");
        try (var engine = Objects.engine();
                var object = Objects.load(engine, file)) {
            var parser = Optional.of(AttachType.SK_SKB_STREAM_PARSER);
            var programs = List.of(object.program("pull_first"));
            assertThat(Lint.of(object.spec(), programs, _ -> parser))
                    .extracting(Finding::rule)
                    .containsExactly(Rule.PARSER_CHANGES_BUFFER);
        }
    }

    /** What a bare sk_skb program returns may be a length, and the one beside it frames. */
    @Test
    void aProgramThatMayBeAParserIsNotTakenForAVerdict() {
        assertThat(ofNoAttachType("verdict-neither-wrong", "the_error_of_a_helper")).isEmpty();
        assertThat(ofNoAttachType("end-of-stream-redirected-wrong", "echo"))
                .containsExactly(Rule.END_OF_STREAM_REDIRECTED);
        assertThat(ofNoAttachType("key-padding-right", "by_a_helper")).isEmpty();
    }

    private static List<Rule> ofNoAttachType(String fixture, String program) {
        try (var engine = Objects.engine();
                var object = Objects.load(engine, Objects.FIXTURES.resolve(fixture + ".bpf.o"))) {
            return Lint.of(object.spec(), List.of(object.program(program)), _ -> Optional.empty())
                    .stream()
                    .map(Finding::rule)
                    .toList();
        }
    }

    @Test
    void socketsThatWereInsertedTooEarlyAreFoundInARunningObject() {
        var settings = UserEngine.Settings.DEFAULT.with(new Interpreter());
        try (var network = new InMemoryNetwork(settings)) {
            var file = Objects.FIXTURES.resolve("redirect-ignored-right.bpf.o");
            var object = network.engine().load(ObjectReader.read(file), LoadOptions.DEFAULT);
            var targets = object.sockMap("targets");
            targets.update(0, network.accepted().socket(), UpdateFlag.ANY);
            assertThat(Lint.running(object)).isEmpty();

            targets.attach(object.program("route"), AttachType.SK_MSG_VERDICT);
            targets.update(1, network.accepted().socket(), UpdateFlag.ANY);
            assertThat(Lint.running(object))
                    .singleElement()
                    .satisfies(
                            finding -> {
                                assertThat(finding.rule()).isEqualTo(Rule.ATTACHED_AFTER_SOCKETS);
                                assertThat(finding.why()).startsWith("1 socket of targets was");
                            });
        }
    }
}
