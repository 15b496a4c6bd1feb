package io.jsockmap.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;
import io.jsockmap.bpf.verifier.rule.Refusal;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import java.util.stream.Stream;

/**
 * Our verifier gives each program of the corpus the answer that the corpus says. As long as it is
 * being made it is asked on request only: {@code -Dcorpus=TOPIC} or {@code -Dcorpus=all}.
 */
@EnabledIfSystemProperty(named = "corpus", matches = ".+")
class CorpusTest {

    @TestFactory
    Stream<DynamicTest> ourVerifierAgrees() {
        return CorpusReader.cases().stream()
                .map(one -> dynamicTest(one.toString(), () -> ask(one)));
    }

    private static void ask(CorpusCase one) {
        var answer = Verifier.verify(one.program(), Options.DEFAULT.withLog(one.log()));
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
