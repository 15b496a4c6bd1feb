package io.jsockmap.testkit.record;

import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Source;

import java.util.List;
import java.util.Optional;

/**
 * Finds the C line that decided a run's result. Compilers gather it in one register and return in
 * one place, so the line that set R0 last is mostly the closing brace. Here it is followed back
 * through moves to where it was made; and if that was before a branch, as compilers like to have
 * it, the last branch behind it is what decided.
 */
final class Decision {
    private Decision() {}

    /** The line that decided R0 of the last step, which is an exit of the first function. */
    static Optional<SourceLine> lineOf(List<Step> steps) {
        if (steps.isEmpty()) return Optional.empty();
        int frame = steps.getLast().frame();
        int register = 0;
        Optional<SourceLine> branch = Optional.empty();
        for (int at = steps.size() - 2; at >= 0; at--) {
            var step = steps.get(at);
            if (step.frame() != frame) continue;
            var i = step.instruction();
            if (i.operation() instanceof Operation.Jump && branch.isEmpty()) branch = step.line();
            if ((i.registersWritten() >> register & 1) == 0) continue;
            if (!isMove(i)) return branch.or(step::line);
            register = i.src();
        }
        return branch;
    }

    private static boolean isMove(Instruction i) {
        return i.operation() instanceof Operation.Alu(var op, var _, var source)
                && op == AluOp.MOV
                && source == Source.REGISTER;
    }
}
