package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes a program small that shows something: takes lines away, many at a time and then one, gives
 * simpler ones for others, and smaller constants, as long as it still shows it.
 */
final class Reducer {
    /** Programs that are tried at most; what is small by then is small enough. */
    private static final int MOST_TRIES = 4000;

    private final Predicate<Draft> shows;
    private Draft best;
    private int tries;

    private Reducer(Draft draft, Predicate<Draft> shows) {
        this.shows = shows;
        this.best = draft;
    }

    /**
     * The smallest that was found.
     *
     * @param shows whether a program still shows what the first one does; a program that can't be
     *     made at all does not
     */
    static Draft reduce(Draft draft, Predicate<Draft> shows) {
        var reducer = new Reducer(draft, shows);
        boolean smaller = true;
        while (smaller) {
            var before = reducer.best;
            reducer.removeLines();
            reducer.simplify();
            smaller = !reducer.best.equals(before) && reducer.tries < MOST_TRIES;
        }
        reducer.removeLabels();
        return reducer.best;
    }

    private boolean accept(List<Line> lines) {
        if (tries++ >= MOST_TRIES) return false;
        var candidate = best.with(lines);
        if (!isWhole(candidate) || !shows.test(candidate)) return false;
        best = candidate;
        return true;
    }

    /** Whether all jumps have their targets. */
    private static boolean isWhole(Draft draft) {
        Set<String> labels = new HashSet<>();
        for (var line : draft.lines()) if (line instanceof Line.Label(var name)) labels.add(name);
        return draft.operations().stream()
                .allMatch(op -> !op.hasTarget() || labels.contains(op.target()));
    }

    private void removeLines() {
        for (int count = Math.max(1, best.lines().size() / 2); count >= 1; count /= 2) {
            for (int at = best.lines().size() - count; at >= 0; at--) {
                if (at + count > best.lines().size()) continue;
                var lines = new ArrayList<>(best.lines());
                // A label is taken away with the last jump to it.
                lines.subList(at, at + count).removeIf(Line.Op.class::isInstance);
                if (lines.size() < best.lines().size()) accept(lines);
            }
        }
    }

    private void removeLabels() {
        Set<String> used = new HashSet<>();
        for (var op : best.operations()) used.add(op.target());
        var lines = new ArrayList<>(best.lines());
        lines.removeIf(line -> line instanceof Line.Label(var name) && !used.contains(name));
        best = best.with(lines);
    }

    private void simplify() {
        for (int at = 0; at < best.lines().size(); at++) {
            while (simplify(at)) {}
        }
    }

    private boolean simplify(int at) {
        if (!(best.lines().get(at) instanceof Line.Op op)) return false;
        for (var simpler : simpler(op)) {
            var lines = new ArrayList<>(best.lines());
            lines.set(at, simpler);
            if (accept(lines)) return true;
        }
        return false;
    }

    /** What might do instead, the simplest first. */
    private static List<Line.Op> simpler(Line.Op op) {
        var i = op.instruction();
        List<Line.Op> found = new ArrayList<>();
        switch (i.operation()) {
            case Jump _ -> found.add(new Line.Op(Insns.go(), op.target()));
            case LoadImmediate(var kind) when kind == ImmediateKind.NUMBER -> {
                found.add(new Line.Op(Insns.set(i.dst(), 0)));
                if (i.immediate() == (int) i.immediate()) {
                    found.add(new Line.Op(Insns.set(i.dst(), (int) i.immediate())));
                }
            }
            case Alu(var alu, int bits, var source) when source == Source.REGISTER && bits == 32 ->
                    found.add(new Line.Op(Insns.alu(alu, 64, i.dst(), i.src()), op.target()));
            case Alu(var alu, int bits, _) when bits == 32 && alu != AluOp.NEG ->
                    found.add(
                            new Line.Op(Insns.aluConstant(alu, 64, i.dst(), (int) i.immediate())));
            case Operation.Load(int size, boolean signed) when signed ->
                    found.add(new Line.Op(Insns.load(size, i.dst(), i.src(), i.offset())));
            default -> {}
        }
        if (hasConstant(i)) {
            for (long constant : smaller(i.immediate())) {
                found.add(new Line.Op(i.withImmediate(constant), op.target()));
            }
        }
        return found;
    }

    private static boolean hasConstant(Instruction i) {
        return switch (i.operation()) {
            case Alu(var op, _, var source) -> source == Source.IMMEDIATE && op != AluOp.NEG;
            case Jump(_, _, var source) -> source == Source.IMMEDIATE;
            case Store(_, var source) -> source == Source.IMMEDIATE;
            case LoadImmediate(var kind) -> kind == ImmediateKind.NUMBER;
            default -> false;
        };
    }

    /** Nearer to zero, the nearest first. */
    private static List<Long> smaller(long constant) {
        if (constant == 0) return List.of();
        List<Long> all = new ArrayList<>(List.of(0L));
        for (int part = 1; part < Long.SIZE; part++) {
            long other = constant - (constant >> part);
            if (other != constant && Math.abs(other) < Math.abs(constant)) all.add(other);
        }
        if (constant != 1) all.add(constant - Long.signum(constant));
        return all;
    }
}
