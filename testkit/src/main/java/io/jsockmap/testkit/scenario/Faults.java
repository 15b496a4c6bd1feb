package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.testkit.stage.RunLog;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The faults of programs, of timers too, of which no socket is told: each must be asked for. */
final class Faults {
    private final RunLog log;

    /** Each by itself: the same fault once more has the same message. */
    private final Set<ProgramFault> asked = new HashSet<>();

    Faults(RunLog log) {
        this.log = log;
    }

    private List<ProgramFault> unasked() {
        return log.notes().stream()
                .flatMap(note -> note.fault().stream())
                .filter(fault -> !asked.contains(fault))
                .toList();
    }

    /** Nothing that a program must not do is forgiven because bytes came out right. */
    void check() throws Mismatch {
        var left = unasked();
        if (!left.isEmpty()) throw Mismatch.general(left.getFirst().getMessage());
    }

    /** There were some with that text; those there are now are asked for. */
    void expect(String text) throws Mismatch {
        var left = unasked();
        var found = left.stream().filter(fault -> fault.getMessage().contains(text)).toList();
        if (found.isEmpty()) {
            throw Mismatch.general(
                    "expected a fault with \"%s\", found %s"
                            .formatted(
                                    text, left.isEmpty() ? "none" : left.getFirst().getMessage()));
        }
        asked.addAll(found);
    }
}
