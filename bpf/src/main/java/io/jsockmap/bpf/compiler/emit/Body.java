package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.program.Program;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;

/**
 * A function of a program: the instructions that can be reached from its first one.
 *
 * @param start where it begins
 * @param slots its instructions, in order
 * @param reached the same as a set
 * @param targets those that are jumped to
 * @param looping those of short loops
 */
record Body(int start, List<Integer> slots, BitSet reached, BitSet targets, BitSet looping) {
    /** Slots of a short loop. */
    private static final int SHORT = 48;

    /**
     * The functions of a program; the first is the program itself.
     *
     * @param most how many instructions they may have in all
     * @throws IllegalArgumentException if they have more: they share code, as no compiler makes it
     */
    static List<Body> of(Program program, long most) {
        List<Body> bodies = new ArrayList<>();
        long length = 0;
        for (int start : starts(program)) {
            var body = reachable(program, start);
            length += body.slots.size();
            if (length > most) throw new IllegalArgumentException("its functions share their code");
            bodies.add(body);
        }
        return bodies;
    }

    /** Where functions begin that the program has pointers to. */
    static TreeSet<Integer> named(Program program) {
        return starts(program, false);
    }

    private static TreeSet<Integer> starts(Program program) {
        var all = starts(program, true);
        all.add(0);
        return all;
    }

    private static TreeSet<Integer> starts(Program program, boolean called) {
        var starts = new TreeSet<Integer>();
        for (int slot = 0; slot < program.code().size(); slot++) {
            var i = program.slot(slot);
            if (i == null || !(called ? i.namesFunction() : i.takesFunction())) continue;
            long start = i.functionAt(slot);
            boolean there = start == (int) start && program.slot((int) start) != null;
            if (there) starts.add((int) start);
        }
        return starts;
    }

    private static Body reachable(Program program, int start) {
        var reached = new BitSet();
        var targets = new BitSet();
        var looping = new BitSet();
        var open = new ArrayDeque<Integer>(List.of(start));
        while (!open.isEmpty()) {
            int slot = open.pop();
            if (!isExecutable(program, slot) || reached.get(slot)) continue;
            reached.set(slot);
            var i = program.slot(slot);
            if (i.isJump() && isExecutable(program, i.jumpTarget(slot))) {
                int target = (int) i.jumpTarget(slot);
                targets.set(target);
                boolean back = target <= slot && slot - target < SHORT;
                if (back) looping.set(target, slot + 1);
                open.push(target);
            }
            if (fallsThrough(i)) open.push(slot + i.slots());
        }
        return new Body(start, reached.stream().boxed().toList(), reached, targets, looping);
    }

    /** Whether there is an instruction that any path gets to. */
    static boolean isExecutable(Program program, long slot) {
        boolean there = slot == (int) slot && program.slot((int) slot) != null;
        return there && program.facts().map(facts -> facts.isReached((int) slot)).orElse(true);
    }

    static boolean fallsThrough(Instruction i) {
        return !(i.operation() instanceof Exit || i.operation() instanceof Goto);
    }

    /** Whether it has the instruction at a slot. */
    boolean has(int slot) {
        return reached.get(slot);
    }

    /** Whether any of its instructions is like that. */
    boolean has(Program program, java.util.function.Predicate<Instruction> like) {
        return slots.stream().map(program::slot).anyMatch(like);
    }
}
