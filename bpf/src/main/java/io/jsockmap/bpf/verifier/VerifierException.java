package io.jsockmap.bpf.verifier;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.verifier.explain.Explanation;
import io.jsockmap.bpf.verifier.rule.Refusal;

/**
 * A program was refused before it could run; {@link #errno} is what bpf(2) gives.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="exception"}
 */
public final class VerifierException extends BpfException {
    private static final long serialVersionUID = 1L;

    private final transient Verification verification;
    private final String log;

    private VerifierException(Refusal refusal, Verification verification) {
        super(refusal.errno(), describe(refusal, verification));
        this.verification = verification;
        this.log = verification.log();
    }

    private VerifierException(Errno errno, String message, String log, Verification ours) {
        super(errno, message);
        this.verification = ours;
        this.log = log;
    }

    /** The refusal that a verification has come to. */
    static VerifierException of(Refusal refusal, Verification verification) {
        return new VerifierException(refusal, verification);
    }

    /**
     * The kernel has refused a program.
     *
     * @param reason the line of its log that says why; may be empty
     * @param log what its verifier wrote
     * @param ours what ours says of the same program, which knows its lines of C
     */
    public static VerifierException ofKernel(
            Errno errno, String reason, String log, Verification ours) {
        var name = ours.program().name();
        var why = reason.isEmpty() ? errno.name() : "%s (%s)".formatted(reason, errno);
        var advice =
                ours.refusal()
                        .map(refusal -> "Here too: " + describe(refusal, ours))
                        .orElse("It would run in user space; the kernel's log says more.");
        return new VerifierException(
                errno,
                "the kernel refuses program %s: %s. %s".formatted(name, why, advice),
                log,
                ours);
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

    /** What the verifier that refused wrote down. */
    public String log() {
        return log;
    }

    /** What came out of our verifier: the refusal, the log. */
    public Verification verification() {
        return verification;
    }
}
