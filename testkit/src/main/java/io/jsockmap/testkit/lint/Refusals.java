package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.explain.Explanation;
import io.jsockmap.bpf.verifier.rule.Refusal;

/** Programs that Linux would not load. */
final class Refusals implements Check {
    @Override
    public void look(Subjects object, Findings findings) {
        for (var subject : object.all()) {
            subject.refusal().ifPresent(refusal -> report(subject, refusal, findings));
        }
    }

    private static void report(Subject subject, Refusal refusal, Findings findings) {
        findings.add(
                Rule.VERIFIER_REFUSAL,
                Severity.ERROR,
                subject,
                refusal.slot(),
                "Linux refuses the program: %s.".formatted(phrase(refusal)),
                repair(subject.program(), refusal));
    }

    private static String phrase(Refusal refusal) {
        return refusal.message().lines().findFirst().orElse("");
    }

    private static String repair(Program program, Refusal refusal) {
        return Explanation.of(program, refusal).suggestion();
    }
}
