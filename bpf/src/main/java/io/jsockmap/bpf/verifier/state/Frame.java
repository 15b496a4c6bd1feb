package io.jsockmap.bpf.verifier.state;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.program.MachineLimits;

import java.util.Arrays;

/** A function that is running: its registers and its stack. */
public final class Frame {
    /** Slots of a stack; slot 0 lies right below the frame pointer. */
    public static final int SLOTS = MachineLimits.STACK / Slot.BYTES;

    private static final Slot[] NO_SLOTS = {};

    /** How it was called. */
    public enum Call {
        /** By an instruction, or from outside. */
        PLAIN,
        /** By a helper that waits for it. */
        CALLBACK,
        /** Later, by a timer. */
        LATER
    }

    private final int number;
    private final int function;
    private final int callSite;
    private final Call call;
    private final Reg[] registers;
    private Slot[] slots;
    private boolean slotsShared;
    private int callbacks;

    /** A frame that is entered: nothing but its frame pointer can be read. */
    public Frame(int number, int function, int callSite, Call call) {
        this(number, function, callSite, call, new Reg[Code.FRAME_POINTER + 1], NO_SLOTS);
        Arrays.fill(registers, Unreadable.UNREADABLE);
        registers[Code.FRAME_POINTER] = Pointer.toFrame(number);
    }

    private Frame(
            int number, int function, int callSite, Call call, Reg[] registers, Slot[] slots) {
        this.number = number;
        this.function = function;
        this.callSite = callSite;
        this.call = call;
        this.registers = registers;
        this.slots = slots;
    }

    Frame copy() {
        slotsShared = true;
        var copy = new Frame(number, function, callSite, call, registers.clone(), slots);
        copy.slotsShared = true;
        copy.callbacks = callbacks;
        return copy;
    }

    /** Its number, from 0 for the main function. */
    public int number() {
        return number;
    }

    /** The slot at which its function begins. */
    public int function() {
        return function;
    }

    /** The slot of the call, or -1. */
    public int callSite() {
        return callSite;
    }

    public Call call() {
        return call;
    }

    /** How often a helper has called it back on this path. */
    public int callbacks() {
        return callbacks;
    }

    public void setCallbacks(int count) {
        callbacks = count;
    }

    public Reg register(int index) {
        return registers[index];
    }

    public void set(int index, Reg value) {
        registers[index] = value;
    }

    /** How many slots were ever used. */
    public int depth() {
        return slots.length;
    }

    /** A slot, from 0 right below the frame pointer. */
    public Slot slot(int index) {
        return index < slots.length ? slots[index] : Slot.EMPTY;
    }

    /** Sets a slot, from 0 right below the frame pointer. */
    public void set(int index, Slot slot) {
        if (index >= slots.length) {
            int old = slots.length;
            slots = Arrays.copyOf(slots, index + 1);
            Arrays.fill(slots, old, slots.length, Slot.EMPTY);
            slotsShared = false;
        } else if (slotsShared) {
            slots = slots.clone();
            slotsShared = false;
        }
        slots[index] = slot;
    }

    /** Makes the stack at least that deep, in slots. */
    public void deepen(int depth) {
        if (depth > slots.length) set(depth - 1, Slot.EMPTY);
    }
}
