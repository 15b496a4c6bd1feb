package io.jsockmap.testkit.lint.flow;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.testkit.lint.flow.Value.Vague;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What is known before an instruction on all paths that lead to it. Mutable. */
public final class State {
    /** Bytes of a frame. */
    public static final int FRAME = 512;

    /**
     * Bytes of the stack that hold one value.
     *
     * @param size how many
     */
    public record Cell(int size, Value value) {}

    private final Value[] registers = new Value[Code.FRAME_POINTER + 1];
    private final TreeMap<Integer, Cell> cells = new TreeMap<>();
    private final BitSet surelyWritten = new BitSet(FRAME);
    private final BitSet maybeWritten = new BitSet(FRAME);
    private boolean asDelivered;

    private State() {
        Arrays.fill(registers, Vague.UNKNOWN);
        registers[Code.FRAME_POINTER] = new Value.Stack(0);
    }

    /** The start of a function of whose arguments nothing is known. */
    static State ofFunction() {
        return new State();
    }

    /** The start of a program. */
    static State ofProgram(boolean asDelivered) {
        var state = new State();
        state.registers[1] = new Value.Context(0);
        state.asDelivered = asDelivered;
        return state;
    }

    /** The start of a function that is called here. Its frame is another. */
    State called() {
        var callee = new State();
        for (int r = 1; r <= 5; r++) callee.registers[r] = foreign(registers[r]);
        callee.asDelivered = asDelivered;
        return callee;
    }

    /** A value as another function sees it, which has a frame of its own. */
    static Value foreign(Value value) {
        return value.isOfStack() ? Vague.SOMEWHERE : value;
    }

    State copy() {
        var copy = new State();
        System.arraycopy(registers, 0, copy.registers, 0, registers.length);
        copy.cells.putAll(cells);
        copy.surelyWritten.or(surelyWritten);
        copy.maybeWritten.or(maybeWritten);
        copy.asDelivered = asDelivered;
        return copy;
    }

    /** Takes in what holds on another path; whether anything is known less now. */
    boolean join(State other) {
        boolean changed = false;
        for (int r = 0; r < registers.length; r++) {
            var joined = Value.join(registers[r], other.registers[r]);
            changed |= !joined.equals(registers[r]);
            registers[r] = joined;
        }
        changed |= joinCells(other);
        int surely = surelyWritten.cardinality();
        surelyWritten.and(other.surelyWritten);
        int maybe = maybeWritten.cardinality();
        maybeWritten.or(other.maybeWritten);
        changed |= surely != surelyWritten.cardinality() || maybe != maybeWritten.cardinality();
        changed |= asDelivered && !other.asDelivered;
        asDelivered &= other.asDelivered;
        return changed;
    }

    private boolean joinCells(State other) {
        var before = Map.copyOf(cells);
        for (var entry : before.entrySet()) {
            var mine = entry.getValue();
            var theirs = other.cells.get(entry.getKey());
            boolean alike = theirs != null && theirs.size() == mine.size();
            if (!alike) cells.remove(entry.getKey());
            else {
                var joined = Value.join(mine.value(), theirs.value());
                cells.put(entry.getKey(), new Cell(mine.size(), joined));
            }
        }
        return !before.equals(cells);
    }

    /** What a register holds. */
    public Value register(int register) {
        return registers[register];
    }

    void set(int register, Value value) {
        registers[register] = value;
    }

    /** The value of exactly those bytes of the frame, if it is one. */
    public Optional<Cell> cell(int offset) {
        return Optional.ofNullable(cells.get(offset));
    }

    /** Whether each path has written the byte of the frame at an offset, -512 to -1. */
    public boolean isSurelyWritten(int offset) {
        return surelyWritten.get(offset + FRAME);
    }

    /** Whether some path has. */
    public boolean isMaybeWritten(int offset) {
        return maybeWritten.get(offset + FRAME);
    }

    /** Whether the packet is as it was delivered: no path has pulled or changed anything. */
    public boolean isAsDelivered() {
        return asDelivered;
    }

    void setAsDelivered(boolean value) {
        asDelivered = value;
    }

    /** Bytes of the frame hold something from now on. */
    void write(int offset, int size, Value value) {
        int from = Math.max(offset, -FRAME);
        int to = Math.min(offset + size, 0);
        if (from >= to) return;
        forget(from, to);
        surelyWritten.set(from + FRAME, to + FRAME);
        maybeWritten.set(from + FRAME, to + FRAME);
        if (value != Vague.UNKNOWN) cells.put(offset, new Cell(size, value));
    }

    /** Somebody who has a pointer there may have written anything above it. */
    void writtenFrom(int offset) {
        write(offset, -offset, Vague.UNKNOWN);
    }

    private void forget(int from, int to) {
        cells.entrySet().removeIf(e -> e.getKey() < to && e.getKey() + e.getValue().size() > from);
    }

    /** The pointers into the packet are worthless. */
    void packetChanged() {
        asDelivered = false;
        UnaryOperator<Value> forgotten = v -> v.isOfPacket() ? Vague.UNKNOWN : v;
        Arrays.setAll(registers, r -> forgotten.apply(registers[r]));
        cells.replaceAll((_, c) -> new Cell(c.size(), forgotten.apply(c.value())));
    }
}
