package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** What a generator has written so far, what it believes there, and its dice. */
final class Writer {
    private static final int[] EDGES = {
        0,
        1,
        -1,
        2,
        3,
        4,
        7,
        8,
        15,
        16,
        31,
        32,
        63,
        64,
        127,
        128,
        255,
        256,
        0x7fff,
        0xffff,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        -2,
        -8,
        -128
    };

    final RandomGenerator random;
    final ProgramType type;
    private final List<Line> lines = new ArrayList<>();
    private final List<Line> functions = new ArrayList<>();
    private List<Line> target = lines;
    Sheet sheet;
    private final Set<String> used = new HashSet<>();
    private String out = "";
    private int labels;
    private int depth;
    private int obligations;

    /** Registers that must keep what they hold: counters of loops that are open. */
    private final List<Integer> taken = new ArrayList<>();

    Writer(RandomGenerator random, ProgramType type) {
        this.random = random;
        this.type = type;
        sheet = Sheet.of(new Held.Context());
    }

    Draft draft() {
        var all = new ArrayList<>(lines);
        all.addAll(functions);
        return new Draft(type, all);
    }

    boolean isMsg() {
        return type.equals(SocketPrograms.SK_MSG);
    }

    boolean isSkb() {
        return type.equals(SocketPrograms.SK_SKB);
    }

    boolean isOps() {
        return type.equals(SocketPrograms.SOCK_OPS);
    }

    // --- Lines -----------------------------------------------------------------------------------

    void emit(Instruction instruction) {
        target.add(new Line.Op(instruction));
    }

    void emit(Instruction instruction, String label) {
        target.add(new Line.Op(instruction, label));
        used.add(label);
    }

    void label(String name) {
        target.add(new Line.Label(name));
    }

    String newLabel() {
        return "l" + ++labels;
    }

    /** Where those go that leave the function early. */
    String out() {
        return out;
    }

    void setOut(String label) {
        out = label;
    }

    boolean isUsed(String label) {
        return used.contains(label);
    }

    /** Where to go instead of on: behind the statement, or out of the function. */
    String elsewhere(String behind) {
        boolean mayLeave = obligations == 0 && chance(50);
        return mayLeave ? out : behind;
    }

    /** Something must be given back before the function is left. */
    void owe(int more) {
        obligations += more;
    }

    /**
     * A statement that can be left for what comes behind it.
     *
     * @param body is given the label to jump to
     */
    void leavable(Consumer<String> body) {
        var before = sheet.copy();
        var behind = newLabel();
        body.accept(elsewhere(behind));
        label(behind);
        sheet.join(before);
    }

    /** How many lines there are. */
    int size() {
        return lines.size() + functions.size();
    }

    /** Writes a function behind the program; what is believed here stays. */
    void function(String name, Sheet start, Runnable body) {
        var before = sheet;
        var open = List.copyOf(taken);
        int owed = obligations;
        var into = target;
        taken.clear();
        obligations = 0;
        target = new ArrayList<>();
        depth++;
        sheet = start;
        label(name);
        body.run();
        functions.addAll(target);
        target = into;
        depth--;
        sheet = before;
        taken.addAll(open);
        obligations = owed;
    }

    boolean isInFunction() {
        return depth > 0;
    }

    // --- Dice ------------------------------------------------------------------------------------

    boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    int below(int limit) {
        return random.nextInt(limit);
    }

    int between(int first, int last) {
        return random.nextInt(first, last + 1);
    }

    <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    @SafeVarargs
    final <T> T any(T... of) {
        return of[random.nextInt(of.length)];
    }

    int size(int... of) {
        return of[random.nextInt(of.length)];
    }

    /** A constant: of those at which something changes, or any. */
    int constant() {
        return switch (below(4)) {
            case 0 -> random.nextInt();
            case 1 -> between(0, 64);
            default -> EDGES[below(EDGES.length)];
        };
    }

    int bits() {
        return chance(60) ? 64 : 32;
    }

    JumpOp comparison() {
        return any(JumpOp.values());
    }

    // --- Registers -------------------------------------------------------------------------------

    /** A register that may be overwritten. */
    int free() {
        for (int tries = 0; tries < 40; tries++) {
            int register = below(10);
            if (!isTaken(register)) return register;
        }
        return 0;
    }

    /** One that a call leaves alone, with 6 being the context's. */
    int kept() {
        for (int tries = 0; tries < 8; tries++) {
            int register = between(7, 9);
            if (!isTaken(register)) return register;
        }
        return 9;
    }

    void take(int register) {
        taken.add(register);
    }

    void giveBack(int register) {
        taken.remove(Integer.valueOf(register));
    }

    /** Whether a register must keep what it holds. */
    boolean isTaken(int register) {
        return taken.contains(register)
                || sheet.register(register) instanceof Held.Context
                || sheet.register(register) instanceof Held.Memory(_, _, boolean record) && record;
    }

    /** A register that holds such a thing, or -1. */
    int holding(Predicate<Held> wanted) {
        var found = sheet.holding(wanted);
        return found.isEmpty() ? -1 : any(found);
    }

    /** A register with a number; one is made if there is none. */
    int number() {
        int found = holding(Held.Figure.class::isInstance);
        return found >= 0 && chance(95) ? found : newNumber();
    }

    int newNumber() {
        int register = free();
        int constant = constant();
        emit(chance(85) ? Insns.set(register, constant) : Insns.wide(register, wideConstant()));
        sheet.set(register, new Held.Figure(constant >= 0 ? constant : -1));
        return register;
    }

    private long wideConstant() {
        return chance(50) ? random.nextLong() : (long) constant() << between(0, 33);
    }

    /** A number from 0 to most, about: so the program has shown it by one of many ways. */
    int bounded(int most, String elsewhere) {
        int register = number();
        if (isTaken(register)) {
            int copy = free();
            emit(Insns.move(copy, register));
            sheet.set(copy, sheet.register(register));
            register = copy;
        }
        NumberBounds.bound(this, register, most, elsewhere);
        sheet.set(register, new Held.Figure(most));
        return register;
    }

    /** The context in a register; -1 if it was lost. */
    int context() {
        return holding(Held.Context.class::isInstance);
    }
}
