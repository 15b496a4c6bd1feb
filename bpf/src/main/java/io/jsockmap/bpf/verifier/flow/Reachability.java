package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/** Jumps stay in their functions, functions end, and no instruction is there for nothing. */
final class Reachability {
    private final Program program;
    private final Functions functions;
    private final BitSet reached = new BitSet();

    Reachability(Program program, Functions functions) {
        this.program = program;
        this.functions = functions;
    }

    void check() {
        if (program.code().size() == 0) {
            throw refused(Rule.PROGRAM_END, "a program without instructions");
        }
        for (int start : functions.starts()) checkFunction(start, functions.endOf(start));
        walk();
        for (int slot = 0; slot < program.code().size(); slot++) {
            var i = program.slot(slot);
            if (i == null) continue;
            if (!reached.get(slot)) {
                throw refused(Rule.UNREACHABLE_CODE, "unreachable insn %d".formatted(slot));
            }
            if (i.slots() == 2 && reached.get(slot + 1)) {
                throw refused(
                        Rule.JUMP_TARGET,
                        "jump into the middle of ldimm64 insn %d".formatted(slot));
            }
        }
    }

    private void checkFunction(int start, int end) {
        int last = start;
        for (int slot = start; slot < end; slot++) {
            var i = program.slot(slot);
            if (i == null) continue;
            last = slot;
            if (!i.isJump()) continue;
            int target = (int) i.jumpTarget(slot);
            if (target < start || target >= end) {
                throw refused(
                        Rule.JUMP_TARGET,
                        "jump out of range from insn %d to %d".formatted(slot, target));
            }
        }
        var operation = program.slot(last) == null ? null : program.slot(last).operation();
        if (!(operation instanceof Exit || operation instanceof Goto)) {
            throw refused(Rule.PROGRAM_END, "last insn is not an exit or jmp");
        }
    }

    private void walk() {
        Deque<Integer> open = new ArrayDeque<>();
        open.push(0);
        while (!open.isEmpty()) {
            int slot = open.pop();
            if (reached.get(slot)) continue;
            reached.set(slot);
            var i = program.slot(slot);
            if (i == null) {
                // In the middle of a wide immediate, which is said when all is reached.
                open.push(slot + 1);
                continue;
            }
            if (i.namesFunction()) open.push((int) i.functionAt(slot));
            for (int next : ControlFlow.successors(program, slot)) open.push(next);
        }
    }

    private static Refused refused(Rule rule, String message) {
        return new Refused(rule, Errno.EINVAL, message, List.of());
    }
}
