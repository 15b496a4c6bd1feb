package io.jsockmap.testkit.lint.flow;

import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Subprogram;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Where instructions may go on. The program need not be a legal one: what leaves it, or gets into
 * the middle of an instruction, goes nowhere.
 */
public final class Paths {
    private final Program program;
    private final TreeSet<Integer> functions = new TreeSet<>();

    Paths(Program program) {
        this.program = program;
        functions.add(0);
        slots().forEach(slot -> called(slot).ifPresent(functions::add));
        slots().forEach(slot -> named(slot).ifPresent(functions::add));
    }

    /** The slots at which instructions begin. */
    IntStream slots() {
        return IntStream.range(0, program.code().size()).filter(this::isThere);
    }

    private boolean isThere(int slot) {
        return program.slot(slot) != null;
    }

    /** Within the function, and over its calls. */
    int[] successors(int slot) {
        var i = program.slot(slot);
        int next = slot + i.slots();
        var all =
                switch (i.operation()) {
                    case Exit _ -> IntStream.empty();
                    case Goto _ -> IntStream.of((int) i.jumpTarget(slot));
                    case Jump _, MayGoto _ -> IntStream.of(next, (int) i.jumpTarget(slot));
                    default -> IntStream.of(next);
                };
        return all.filter(this::isThere).toArray();
    }

    /** Where the function begins that an instruction calls. */
    OptionalInt called(int slot) {
        var i = program.slot(slot);
        return i.calls(Callee.LOCAL) ? target(slot, i) : OptionalInt.empty();
    }

    /** Where the function begins whose address an instruction takes. */
    OptionalInt named(int slot) {
        var i = program.slot(slot);
        return i.takesFunction() ? target(slot, i) : OptionalInt.empty();
    }

    private OptionalInt target(int slot, Instruction i) {
        int start = (int) i.functionAt(slot);
        return isThere(start) ? OptionalInt.of(start) : OptionalInt.empty();
    }

    /** Where the function begins that an instruction is in. */
    int functionOf(int slot) {
        return functions.floor(slot);
    }

    /** Where the functions begin. */
    List<Integer> functions() {
        return List.copyOf(functions);
    }

    /** Whether the function gives nothing back, so that R0 means nothing at its end. */
    boolean isVoid(int function) {
        if (function == 0) return false;
        var types = program.debug().types();
        var type =
                program.debug().functions().stream()
                        .filter(f -> f.start() == function)
                        .mapToInt(Subprogram::type)
                        .findFirst();
        return types.isPresent()
                && type.isPresent()
                && types.get().type(type.getAsInt()) instanceof BtfType.Function f
                && types.get().type(f.prototype()) instanceof BtfType.Prototype(int result, var _)
                && result == 0;
    }

    /** The calls of a function. */
    IntStream callsOf(int function) {
        return slots().filter(slot -> called(slot).equals(OptionalInt.of(function)));
    }

    /**
     * Whether some path from an instruction on gets to one that is looked for: in functions that
     * are called, and in those that called this one, too.
     */
    public boolean reach(int from, IntPredicate wanted) {
        var seen = new BitSet();
        Deque<Integer> open = new ArrayDeque<>();
        if (isThere(from)) open.push(from);
        while (!open.isEmpty()) {
            int slot = open.pop();
            if (seen.get(slot)) continue;
            seen.set(slot);
            if (wanted.test(slot)) return true;
            for (int next : successors(slot)) open.push(next);
            called(slot).ifPresent(open::push);
            named(slot).ifPresent(open::push);
            if (program.slot(slot).operation() instanceof Exit) {
                callsOf(functionOf(slot)).forEach(c -> open.push(c + 1));
            }
        }
        return false;
    }
}
