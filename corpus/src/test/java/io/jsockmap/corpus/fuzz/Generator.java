package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Writes programs that a verifier has work with: mostly legal, now and then slightly wrong. The
 * same seed gives the same program.
 */
final class Generator {
    private static final List<ProgramType> TYPES =
            List.of(SocketPrograms.SK_MSG, SocketPrograms.SK_SKB, SocketPrograms.SOCK_OPS);

    /** Percent of programs that get an instruction changed in the end. */
    private static final int SLIPS = 30;

    private static final int FEW_SLIPS = 10;

    private final Writer w;
    private final List<Part> parts;
    private final int size;
    private int open;

    private Generator(Writer w, int size, boolean forMachines) {
        this.w = w;
        this.size = size;
        var flow = new Flow(w, this);
        var rare = forMachines ? rare() : List.<Part>of();
        var common =
                List.of(
                        new Part(22, new Numbers(w)::write),
                        new Part(6, new Contexts(w)::write),
                        new Part(12, new Packets(w)::write),
                        new Part(14, new StackUse(w)::write),
                        new Part(14, new Values(w)::write),
                        new Part(10, new Calls(w)::write),
                        new Part(16, flow::write));
        parts = Stream.concat(rare.stream(), common.stream()).toList();
    }

    /** What verifiers have little to do with. */
    private List<Part> rare() {
        return List.of(
                new Part(14, new Corners(w)::write),
                new Part(14, new Overlaps(w)::write),
                new Part(8, new Atomics(w)::write),
                new Part(8, new ChangedPackets(w)::write),
                new Part(16, new Elements(w)::write),
                new Part(6, new Dynptrs(w)::write),
                new Part(8, new Callbacks(w, this)::write),
                new Part(8, new Departures(w, this)::write));
    }

    /** A kind of statement, and how often it comes compared to the others. */
    private record Part(int weight, Runnable write) {}

    /** The program of a seed; of a size from 1 to about 4. */
    static Draft draft(long seed, int size) {
        return draft(seed, size, false, SLIPS);
    }

    /** The same with more of what machines may do wrong, and more of it legal. */
    static Draft forMachines(long seed, int size) {
        return draft(seed, size, true, FEW_SLIPS);
    }

    private static Draft draft(long seed, int size, boolean forMachines, int slips) {
        var random = new SplittableRandom(seed);
        var w = new Writer(random, TYPES.get(random.nextInt(TYPES.size())));
        var generator = new Generator(w, size, forMachines);
        generator.program();
        var draft = w.draft();
        return w.chance(slips) ? Slips.in(draft, random) : draft;
    }

    private void program() {
        if (w.chance(90)) {
            w.emit(Insns.move(6, 1));
            w.sheet.set(6, new Held.Context());
        }
        if (w.chance(60)) new Numbers(w).unknown();
        body(w.between(2, 3 + 3 * size), () -> end());
    }

    /** Statements, a result, and where those go that leave early. */
    void body(int statements, Runnable end) {
        var before = w.out();
        var out = w.newLabel();
        w.setOut(out);
        statements(statements);
        end.run();
        if (w.isUsed(out)) {
            w.label(out);
            w.emit(Insns.set(0, 1));
            w.emit(Insns.exit());
        }
        w.setOut(before);
    }

    private void end() {
        int number = w.holding(Held.Figure.class::isInstance);
        if (w.isOps() || number < 0 || w.chance(60)) {
            w.emit(Insns.set(0, 1));
        } else if (number != 0) {
            w.emit(Insns.move(0, number));
        }
        w.emit(Insns.exit());
    }

    /** Some statements, as far as there is room. */
    void statements(int count) {
        for (int i = 0; i < count; i++) statement();
    }

    /** Whether programs shall be verified in no time. */
    boolean isSmall() {
        return size == 1;
    }

    /** Whether this is in a loop or a branch already. */
    boolean isDeep() {
        return open > 1;
    }

    /** Deeper in loops and branches only what is short. */
    private void statement() {
        int all = parts.stream().mapToInt(Part::weight).sum();
        if (open >= 3) all -= parts.getLast().weight();
        int dice = w.below(all);
        for (int i = 0; i < parts.size(); i++) {
            dice -= parts.get(i).weight();
            if (dice >= 0) continue;
            boolean flow = i == parts.size() - 1;
            if (flow) open++;
            parts.get(i).write().run();
            if (flow) open--;
            return;
        }
    }
}
