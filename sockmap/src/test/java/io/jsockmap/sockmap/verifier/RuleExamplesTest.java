package io.jsockmap.sockmap.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.rule.RuleText;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

/** The smallest programs of the catalogue break their rules, and no other; repaired they don't. */
class RuleExamplesTest {

    /** A tail call that leaves something behind breaks the rule about that. */
    private static final Set<Rule> NOT_YET = EnumSet.of(Rule.TAIL_CALL);

    static Stream<Rule> rulesWithExamples() {
        return Arrays.stream(Rule.values())
                .filter(rule -> rule.text().example().isPresent())
                .filter(rule -> !NOT_YET.contains(rule));
    }

    private static Program program(RuleText.Example example, String code) {
        return ProgramText.read(example.type(), example.license(), example.maps(), code);
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void everyRuleIsExplained(Rule rule) {
        var text = rule.text();
        assertThat(text.title()).isNotBlank().doesNotEndWith(".");
        assertThat(text.phrases()).isNotEmpty().doesNotContain("");
        assertThat(text.meaning()).endsWith(".");
        assertThat(text.repair()).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("rulesWithExamples")
    void theExampleIsRefusedByItsRuleWithOneOfItsPhrases(Rule rule) {
        var example = rule.text().example().orElseThrow();
        var answer = Verifier.verify(program(example, example.refused()), Options.DEFAULT);
        assertThat(answer.refusal())
                .hasValueSatisfying(
                        refusal -> {
                            assertThat(refusal.rule()).as(refusal.message()).isEqualTo(rule);
                            assertThat(rule.text().phrases())
                                    .as(refusal.message())
                                    .anyMatch(refusal.message()::contains);
                        });
    }

    @ParameterizedTest
    @MethodSource("rulesWithExamples")
    void theRepairedExampleIsAccepted(Rule rule) {
        var example = rule.text().example().orElseThrow();
        var answer = Verifier.verify(program(example, example.fixed()), Options.DEFAULT);
        assertThat(answer.refusal()).isEmpty();
    }
}
