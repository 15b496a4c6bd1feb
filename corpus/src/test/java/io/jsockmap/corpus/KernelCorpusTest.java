package io.jsockmap.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jsockmap.kernel.KernelVerifier;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.util.stream.Stream;

/** The running kernel gives each program of the corpus the answer that the corpus says. */
class KernelCorpusTest {

    @BeforeAll
    static void bpfIsPermitted() {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);
    }

    @TestFactory
    Stream<DynamicTest> theKernelAgrees() {
        return CorpusReader.cases().stream()
                .map(one -> dynamicTest(one.toString(), () -> ask(one)));
    }

    private static void ask(CorpusCase one) {
        var answer = KernelVerifier.verify(one.program(), one.log());
        var expected = one.kernel();
        var description = "%s, in%n%s%n%s".formatted(one, one.program().code(), answer.log());
        assertThat(answer.accepted()).as(description).isEqualTo(expected.accepted());
        expected.errno()
                .ifPresent(e -> assertThat(answer.errnoName()).as(description).isEqualTo(e.name()));
        for (var text : expected.messages()) {
            assertThat(answer.log()).as(one.toString()).contains(text);
        }
    }
}
