package io.jsockmap.sockmap.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.rule.RuleText;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The smallest programs of the catalogue break their rules, and no other; repaired they don't. */
class RuleExamplesTest {

    /** The rules that the catalogue shows no program for, and why. */
    private static final Map<Rule, String> NOT_SHOWN =
            Map.of(
                    Rule.UNKNOWN_INSTRUCTION,
                    "the assembler has no words for what is no instruction",
                    Rule.GLOBAL_FUNCTION,
                    "which functions are global, and of which types, is in BTF only");

    static Stream<Rule> rulesWithExamples() {
        return Arrays.stream(Rule.values()).filter(rule -> !NOT_SHOWN.containsKey(rule));
    }

    private static Optional<Refusal> refusal(RuleText.Example example, String code) {
        var program = ProgramText.read(example.type(), example.license(), example.maps(), code);
        var options = example.keepsPointers() ? Options.DEFAULT.keepingPointers() : Options.DEFAULT;
        return Verifier.verify(program, options).refusal();
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
    @EnumSource(Rule.class)
    void everyRuleHasAnExampleOrAReasonForNone(Rule rule) {
        assertThat(rule.text().example().isEmpty()).isEqualTo(NOT_SHOWN.containsKey(rule));
    }

    @ParameterizedTest
    @MethodSource("rulesWithExamples")
    void theExampleIsRefusedByItsRuleWithOneOfItsPhrases(Rule rule) {
        var example = rule.text().example().orElseThrow();
        assertThat(refusal(example, example.refused()))
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
        assertThat(refusal(example, example.fixed())).isEmpty();
    }
}
