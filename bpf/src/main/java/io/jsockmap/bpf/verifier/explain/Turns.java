package io.jsockmap.bpf.verifier.explain;

import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.explain.Step.Kind;

import java.util.ArrayList;
import java.util.List;

/** Which way a path went at each condition. */
final class Turns {
    private Turns() {}

    /** The conditions of the loop that a path is in: from the last time at its last instruction. */
    static List<Step> of(Program program, List<Integer> path) {
        int before = path.subList(0, path.size() - 1).lastIndexOf(path.getLast());
        return from(program, path, Math.max(0, before));
    }

    /** The conditions from a place of the path on. */
    static List<Step> from(Program program, List<Integer> path, int index) {
        List<Step> steps = new ArrayList<>();
        for (int i = index; i + 1 < path.size(); i++) {
            int slot = path.get(i);
            var instruction = program.slot(slot);
            if (!(instruction.operation() instanceof Jump)) continue;
            boolean taken = path.get(i + 1) == instruction.jumpTarget(slot);
            steps.add(new Step(slot, Kind.COMPARES, taken ? "taken" : "not taken"));
        }
        return steps;
    }
}
