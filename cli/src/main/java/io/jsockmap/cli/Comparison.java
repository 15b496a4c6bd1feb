package io.jsockmap.cli;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.verifier.Verification;
import io.jsockmap.kernel.KernelAnswer;
import io.jsockmap.kernel.KernelVerifier;

import java.io.PrintWriter;

/** Our answer for a program beside that of the running kernel. */
final class Comparison {
    private final Verification ours;
    private final int level;

    Comparison(Verification ours, int level) {
        this.ours = ours;
        this.level = level;
    }

    /** Prints both; gives whether they agree. */
    boolean print(PrintWriter out) {
        KernelAnswer kernel;
        try {
            kernel = KernelVerifier.verify(ours.program(), level);
        } catch (BpfException e) {
            out.printf("  kernel: can't be asked: %s%n", e.getMessage());
            return true;
        }
        if (level > 0) kernel.log().lines().forEach(line -> out.printf("  kernel | %s%n", line));
        out.printf("  ours:   %s%n", VerifyCommand.summary(ours));
        out.printf("  kernel: %s%n", summary(kernel));
        boolean agree = kernel.accepted() == ours.isAccepted();
        out.printf("  %s%n", agree ? agreement(kernel) : "THE ANSWERS DIFFER");
        return agree;
    }

    /** The kernel's answer in a line: of a refusal the line that is ours too, if there is one. */
    private String summary(KernelAnswer kernel) {
        if (!kernel.accepted()) {
            boolean same = ours.refusal().isPresent() && kernel.log().contains(phrase());
            return "refused: " + (same ? phrase() : kernel.reason());
        }
        return kernel.effort()
                .map(
                        effort ->
                                VerifyCommand.accepted(
                                        effort.instructions(),
                                        effort.totalStates(),
                                        effort.peakStates()))
                .orElse("accepted");
    }

    private String agreement(KernelAnswer kernel) {
        if (kernel.accepted()) return "the answers agree";
        return kernel.log().contains(phrase())
                ? "the answers agree, in the same words"
                : "the answers agree, in other words";
    }

    private String phrase() {
        return ours.refusal().orElseThrow().message().lines().findFirst().orElse("");
    }
}
