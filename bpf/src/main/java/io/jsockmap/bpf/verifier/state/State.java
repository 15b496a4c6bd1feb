package io.jsockmap.bpf.verifier.state;

import io.jsockmap.bpf.insn.Code;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All that is known at a moment of a path: the functions that are running, with their registers and
 * stacks, and what the program holds. Checkpoints are states too; they form a tree by their
 * parents.
 */
public final class State {
    private final List<Frame> frames = new ArrayList<>();
    private final StackMarks marks = new StackMarks();
    private List<Reference> references = List.of();
    private Lock lock;
    private int preemptions;
    private boolean rcu;
    private int mayGotos;
    private int unrolled;
    private Trail trail;

    /** The state at the beginning of a function, which is called in that way. */
    public static State at(int function, Frame.Call call) {
        var state = new State();
        state.push(new Frame(0, function, -1, call));
        return state;
    }

    /** The same state for another path, or for a checkpoint. */
    public State copy() {
        var copy = new State();
        for (var frame : frames) copy.frames.add(frame.copy());
        copy.marks.copyFrom(marks);
        copy.references = references;
        copy.lock = lock;
        copy.preemptions = preemptions;
        copy.rcu = rcu;
        copy.mayGotos = mayGotos;
        copy.unrolled = unrolled;
        copy.trail = trail;
        return copy;
    }

    // --- Functions -------------------------------------------------------------------------------

    /** The function that is running. */
    public Frame frame() {
        return frames.getLast();
    }

    /** A function that is running, from 0 for the main function. */
    public Frame frame(int number) {
        return frames.get(number);
    }

    /** How many functions are running. */
    public int depth() {
        return frames.size();
    }

    /** Enters a function. */
    public void push(Frame frame) {
        frames.add(frame);
        marks.entered(frame.number());
    }

    /** Leaves the function that is running. */
    public Frame pop() {
        return frames.removeLast();
    }

    public Reg register(int index) {
        return frame().register(index);
    }

    public void set(int index, Reg value) {
        frame().set(index, value);
    }

    /**
     * Replaces every register, and every one that was spilled, where the operator gives another.
     */
    public void replaceAll(UnaryOperator<Reg> operator) {
        for (var frame : frames) replaceAll(frame, operator);
    }

    @SuppressWarnings("ReferenceEquality") // what was not replaced is the same
    private static void replaceAll(Frame frame, UnaryOperator<Reg> operator) {
        for (int i = 0; i < Code.FRAME_POINTER; i++) {
            var before = frame.register(i);
            var after = operator.apply(before);
            if (after != before) frame.set(i, after);
        }
        for (int i = 0; i < frame.depth(); i++) {
            var slot = frame.slot(i);
            if (!slot.isSpill()) continue;
            var after = operator.apply(slot.register());
            if (after != slot.value()) frame.set(i, new Slot(slot.kinds(), after));
        }
    }

    // --- The stack -------------------------------------------------------------------------------

    /** Notes that a slot's content matters here. */
    public void markRead(int frame, int slot) {
        marks.read(frame, slot);
    }

    /** Notes that a slot was overwritten whole. */
    public void markWritten(int frame, int slot) {
        marks.written(frame, slot);
    }

    /** Which slots were read, and overwritten. */
    public StackMarks marks() {
        return marks;
    }

    // --- What is held ----------------------------------------------------------------------------

    /** What must be given back. */
    public List<Reference> references() {
        return references;
    }

    public void acquire(Reference reference) {
        var more = new ArrayList<>(references);
        more.add(reference);
        references = List.copyOf(more);
    }

    /** Whether a reference of that number was held, which it is no more. */
    public boolean release(int id) {
        var rest = references.stream().filter(r -> r.id() != id).toList();
        boolean held = rest.size() < references.size();
        references = rest;
        return held;
    }

    /** The spin lock that is held. */
    public Optional<Lock> lock() {
        return Optional.ofNullable(lock);
    }

    public void setLock(Lock held) {
        lock = held;
    }

    public boolean isRcuLocked() {
        return rcu;
    }

    public void setRcuLocked(boolean locked) {
        rcu = locked;
    }

    /** How often preemption was disabled. */
    public int preemptions() {
        return preemptions;
    }

    public void setPreemptions(int count) {
        preemptions = count;
    }

    // --- The path --------------------------------------------------------------------------------

    /** How many times a {@code may_goto} went on. */
    public int mayGotos() {
        return mayGotos;
    }

    public void setMayGotos(int count) {
        mayGotos = count;
    }

    /** How many callbacks were gone through on this path. */
    public int unrolled() {
        return unrolled;
    }

    public void setUnrolled(int count) {
        unrolled = count;
    }

    /** How it came here. */
    public Optional<Trail> trail() {
        return Optional.ofNullable(trail);
    }

    /** Notes that the path does not just go on. */
    public void turn(int from, int to) {
        trail = new Trail(trail, from, to);
    }

    /** Gives every number an identity of its own, before the state is kept as a checkpoint. */
    public void separateNumbers() {
        replaceAll(reg -> reg instanceof Scalar scalar ? scalar.separate() : reg);
    }

    /** Forgets what no path from here has used. */
    public void clean(int[] liveRegisters) {
        for (var frame : frames) {
            for (int i = 0; i < Code.FRAME_POINTER; i++) {
                boolean live = (liveRegisters[frame.number()] >> i & 1) != 0;
                if (!live) frame.set(i, Unreadable.UNREADABLE);
            }
            long read = marks.read(frame.number());
            for (int i = 0; i < frame.depth(); i++) {
                if ((read >> i & 1) == 0 && frame.slot(i).kinds() != 0) frame.set(i, Slot.EMPTY);
            }
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(frames.toArray());
    }
}
