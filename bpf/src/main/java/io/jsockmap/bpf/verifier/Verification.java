package io.jsockmap.bpf.verifier;

import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.bpf.verifier.rule.Statistics;

import java.util.Optional;

/**
 * What came out.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="refused"}
 *
 * @param program the program
 * @param facts what was proved of it; empty if it is refused
 * @param refusal why it is refused; empty if it is accepted
 * @param statistics how much was looked at
 * @param log what was written down
 */
public record Verification(
        Program program,
        Optional<Refusal> refusal,
        Optional<Facts> facts,
        Statistics statistics,
        String log) {

    /** Whether the program may run. */
    public boolean isAccepted() {
        return refusal.isEmpty();
    }

    /**
     * The program with what was proved of it, if it may run.
     *
     * @throws VerifierException if it is refused
     */
    public Program accepted() {
        if (refusal.isPresent()) throw VerifierException.of(refusal.get(), this);
        return facts.map(program::with).orElse(program);
    }
}
