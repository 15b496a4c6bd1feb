package io.jsockmap.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verification;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.bpf.verifier.rule.Rule;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Our verifier gives each program of the corpus the answer that the corpus says. */
class CorpusTest {
    /** The rules that no program of the corpus can break, and why. */
    private static final Map<Rule, String> UNBROKEN =
            Map.of(
                    Rule.POINTER_LEAK,
                    "only with Options.keepingPointers(), and the corpus is asked as root",
                    Rule.UNKNOWN_KFUNC,
                    "cases name kfuncs, and those that a type does not have have no names");

    /** What was answered, by topic and name: all tests here ask once. */
    private static final Map<String, Verification> ANSWERS = new HashMap<>();

    @TestFactory
    Stream<DynamicTest> ourVerifierAgrees() {
        return CorpusReader.cases().stream()
                .map(one -> dynamicTest(one.toString(), () -> ask(one)));
    }

    @Test
    void atLeastFourHundredProgramsAreAsked() {
        var programs =
                CorpusReader.cases("").stream()
                        .map(one -> one.program().type().name() + one.program().code())
                        .distinct();

        assertThat(programs.count()).isGreaterThanOrEqualTo(400);
    }

    @Test
    void everyRuleIsBrokenByACase() {
        var broken =
                CorpusReader.cases("").stream()
                        .flatMap(one -> answer(one).refusal().stream())
                        .map(Refusal::rule)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Rule.class)));

        assertThat(EnumSet.complementOf(broken)).hasSameElementsAs(UNBROKEN.keySet());
    }

    private static Verification answer(CorpusCase one) {
        return ANSWERS.computeIfAbsent(
                one.toString(),
                _ -> Verifier.verify(one.program(), Options.DEFAULT.withLog(one.log())));
    }

    private static void ask(CorpusCase one) {
        var answer = answer(one);
        var expected = one.ours();
        var reason = answer.refusal().map(Refusal::message).orElse("");
        var text = reason + "\n" + answer.log();
        var description = "%s, in%n%s%n%s".formatted(one, one.program().code(), text);
        assertThat(answer.isAccepted()).as(description).isEqualTo(expected.accepted());
        expected.errno()
                .ifPresent(
                        errno ->
                                assertThat(answer.refusal().map(Refusal::errno))
                                        .as(description)
                                        .contains(errno));
        for (var message : expected.messages()) assertThat(text).as(description).contains(message);
    }
}
