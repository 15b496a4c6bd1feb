package io.jsockmap.testkit.lint;

import static io.jsockmap.bpf.program.HelperNumbers.TRACE_PRINTK;
import static io.jsockmap.bpf.program.HelperNumbers.TRACE_VPRINTK;

import java.util.Set;

/** What should not be in an object that is delivered, or is missing in it. */
final class Leftovers implements Check {
    @Override
    public void look(Subjects object, Findings findings) {
        if (object.spec().license().isEmpty()) {
            findings.add(
                    Rule.LICENSE_MISSING,
                    Severity.NOTE,
                    "There is no license section, so the kernel takes the programs as not"
                            + " compatible with the GPL.");
        }
        for (var subject : object.all()) {
            for (var call : subject.calls(Set.of(TRACE_PRINTK, TRACE_VPRINTK))) {
                findings.add(
                        Rule.PRINTK_LEFT_IN,
                        Severity.NOTE,
                        subject,
                        call.slot(),
                        "%s writes to the trace buffer of the whole machine each time."
                                .formatted(call.name()));
            }
        }
    }
}
