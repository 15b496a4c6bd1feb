package io.jsockmap.testkit.lint;

import static io.jsockmap.bpf.program.HelperNumbers.REDIRECTS;
import static io.jsockmap.bpf.program.HelperNumbers.TAIL_CALL;

import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.HelperNumbers;
import io.jsockmap.testkit.lint.flow.Value;
import io.jsockmap.testkit.lint.flow.Value.Constant;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** What programs return. */
final class Verdicts implements Check {
    private static final int SK_DROP = 0;
    private static final int SK_PASS = 1;

    /** They return 0, or an error. */
    private static final Set<Integer> ERRORS =
            Set.of(
                    HelperNumbers.MAP_UPDATE,
                    HelperNumbers.STORE_BYTES,
                    HelperNumbers.LOAD_BYTES,
                    HelperNumbers.CHANGE_TAIL,
                    HelperNumbers.SKB_PULL,
                    HelperNumbers.CHANGE_HEAD,
                    HelperNumbers.ADJUST_ROOM,
                    HelperNumbers.APPLY_BYTES,
                    HelperNumbers.CORK_BYTES,
                    HelperNumbers.MSG_PULL,
                    HelperNumbers.MSG_PUSH,
                    HelperNumbers.MSG_POP);

    @Override
    public void look(Subjects object, Findings findings) {
        for (var subject : object.all()) {
            var results = subject.flow().result().each().toList();
            if (subject.isVerdict()) {
                results.forEach(result -> neither(subject, result, findings));
                boolean complete = subject.refusal().isEmpty() && !subject.calls(TAIL_CALL);
                if (complete) always(subject, results, findings);
            } else if (subject.isParser()) {
                parser(subject, results, findings);
            }
        }
    }

    private static void neither(Subject subject, Value result, Findings findings) {
        if (result instanceof Constant(long value, int slot)) {
            int verdict = (int) value;
            if (verdict == SK_DROP || verdict == SK_PASS) return;
            findings.add(
                    Rule.VERDICT_NEITHER,
                    Severity.WARNING,
                    subject,
                    slot,
                    "The verdict %d is neither SK_PASS (1) nor SK_DROP (0), so it drops."
                            .formatted(verdict));
        } else if (result instanceof Value.Result(int slot, int helper)
                && ERRORS.contains(helper)) {
            findings.add(
                    Rule.VERDICT_NEITHER,
                    Severity.WARNING,
                    subject,
                    slot,
                    "What %s returns is taken for the verdict: 0, its success, is SK_DROP, and an error drops too."
                            .formatted(HelperNames.of(helper)));
        }
    }

    private static void always(Subject subject, List<Value> results, Findings findings) {
        if (areAll(results, SK_DROP)) {
            boolean redirects = !subject.calls(REDIRECTS).isEmpty();
            findings.add(
                    Rule.VERDICT_NEVER_PASS,
                    Severity.WARNING,
                    subject,
                    slot(results),
                    redirects
                            ? "The verdict is SK_DROP on all paths, so no redirect that it chooses"
                                    + " is ever done."
                            : "The verdict is SK_DROP on all paths: no message ever gets through.");
        }
        if (areAll(results, SK_PASS) && doesNothing(subject)) {
            findings.add(
                    Rule.VERDICT_DOES_NOTHING,
                    Severity.NOTE,
                    subject,
                    slot(results),
                    "The verdict is SK_PASS on all paths, and the program calls and stores"
                            + " nothing.");
        }
    }

    private static boolean areAll(List<Value> results, int verdict) {
        return !results.isEmpty()
                && results.stream().allMatch(r -> r instanceof Constant c && c.value() == verdict);
    }

    private static int slot(List<Value> results) {
        return results.stream()
                .mapToInt(r -> r instanceof Constant c ? c.slot() : 0)
                .min()
                .orElse(0);
    }

    private static boolean doesNothing(Subject subject) {
        if (!subject.flow().calls().isEmpty()) return false;
        var stores = new AtomicBoolean();
        subject.flow()
                .walk(
                        (_, i, before) -> {
                            boolean store =
                                    i.operation() instanceof Store
                                            || i.operation() instanceof Atomic;
                            if (store && !before.register(i.dst()).isOfStack()) stores.set(true);
                        });
        return !stores.get();
    }

    private static void parser(Subject subject, List<Value> results, Findings findings) {
        boolean never =
                !results.isEmpty()
                        && results.stream()
                                .allMatch(r -> r instanceof Constant c && (int) c.value() <= 0);
        if (!never) return;
        findings.add(
                Rule.PARSER_NEVER_COMPLETES,
                Severity.WARNING,
                subject,
                slot(results),
                "The parser returns %s on all paths, so no message ever reaches the verdict."
                        .formatted(areAll(results, 0) ? "0" : "0 or an error"));
    }
}
