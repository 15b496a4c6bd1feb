package io.jsockmap.corpus.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jsockmap.kernel.KernelVerifier;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Compares our verifier with the running kernel's on generated programs, and prints one small
 * program for each kind of disagreement. That there are some fails nothing: a verifier may know
 * more, and the default build must not hang on the machine's kernel.
 */
class AgainstKernelTest {
    private static final int PROGRAMS = 300;

    @BeforeAll
    static void bpfIsPermitted() {
        var availability = KernelVerifier.availability();
        assumeTrue(availability.usable(), availability::reason);
    }

    @Test
    void nearlyAllAnswersAgree() {
        var disagreements = new Disagreements();
        long first = Long.getLong("fuzz.seed", 1);
        IO.println("programs of the seeds from %d on".formatted(first));
        for (long seed = first; seed < first + PROGRAMS; seed++) {
            disagreements.compare(Generator.draft(seed, 2), seed);
        }
        if (!disagreements.isEmpty()) IO.println(disagreements);
        assertThat(disagreements.count()).as(disagreements.toString()).isLessThan(PROGRAMS / 20);
    }
}
