package io.jsockmap.bpf.verifier;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.verifier.explain.Explanation;
import io.jsockmap.bpf.verifier.rule.Refusal;

/** A program was refused before it could run; {@link #errno} is what bpf(2) gives. */
public final class VerifierException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final transient Verification verification;

    private VerifierException(Refusal refusal, Verification verification) {
        super(refusal.errno(), describe(refusal, verification));
        this.verification = verification;
    }

    /** The refusal that a verification has come to. */
    static VerifierException of(Refusal refusal, Verification verification) {
        return new VerifierException(refusal, verification);
    }

    private static String describe(Refusal refusal, Verification verification) {
        var message = refusal.message().lines().findFirst().orElse("");
        var line = refusal.line().map(l -> ", at " + l).orElse("");
        var explanation = Explanation.of(verification.program(), refusal);
        return "program %s is refused: instruction %d: %s%s. %s"
                .formatted(
                        verification.program().name(),
                        refusal.slot(),
                        message,
                        line,
                        explanation.suggestion());
    }

    /** What came out: the refusal, the log. */
    public Verification verification() {
        return verification;
    }
}
