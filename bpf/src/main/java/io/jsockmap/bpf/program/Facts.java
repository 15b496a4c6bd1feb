package io.jsockmap.bpf.program;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What the verifier has proved of a program's instructions: it holds each time one is executed,
 * whatever path leads there. Immutable.
 *
 * <p>Instructions are named by their slots. What is asked of a slot that no path gets to, or of an
 * instruction of another kind, has the answer that promises nothing.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="proved"}
 */
public final class Facts {
    private final SlotFacts[] slots;
    private final Map<Integer, StackUse> stacks;

    /**
     * @param slots of each slot; null where no path gets to it, and for the second slot of an
     *     instruction
     * @param stacks by the slot at which a function begins
     */
    public Facts(List<SlotFacts> slots, Map<Integer, StackUse> stacks) {
        this.slots = slots.toArray(SlotFacts[]::new);
        this.stacks = Map.copyOf(stacks);
    }

    private SlotFacts at(int slot) {
        return slot >= 0 && slot < slots.length ? slots[slot] : null;
    }

    /** Whether any path gets to the instruction. */
    public boolean isReached(int slot) {
        return at(slot) != null;
    }

    /**
     * Where the memory is that a load, a store or an atomic operation touches; the instruction's
     * own offset is part of it.
     */
    public Target target(int slot) {
        var facts = at(slot);
        return facts == null ? Target.ANY : facts.target();
    }

    /**
     * Where an argument of a call points to, {@link Target.Any} if it is a number or may be null.
     *
     * @param register 1 to 5
     */
    public Target argument(int slot, int register) {
        var facts = at(slot);
        boolean none = facts == null || facts.arguments().isEmpty();
        return none ? Target.ANY : facts.arguments().get(register - 1);
    }

    /**
     * The place in {@link Program#maps} of the one map that an argument of a call points to; empty
     * if it is none or may be another.
     *
     * @param register 1 to 5
     */
    public OptionalInt map(int slot, int register) {
        var facts = at(slot);
        boolean none = facts == null || facts.maps().isEmpty();
        return none ? OptionalInt.empty() : facts.maps().get(register - 1);
    }

    /**
     * Whether both operands of a 64-bit division, modulo or unsigned comparison are never negative
     * as signed numbers. Pointers are not.
     */
    public boolean nonNegative(int slot) {
        var facts = at(slot);
        return facts != null && facts.nonNegative();
    }

    /** Whether the divisor of a division or modulo is never zero on the bits that count. */
    public boolean nonZero(int slot) {
        var facts = at(slot);
        return facts != null && facts.nonZero();
    }

    /**
     * What is done to the frames of a function.
     *
     * @param functionStart the slot at which it begins; 0 is the program itself
     */
    public StackUse stack(int functionStart) {
        return stacks.getOrDefault(functionStart, StackUse.NONE);
    }

    /** The lowest offset from its frame pointer that is accessed in a function's frame, or 0. */
    public int lowest(int functionStart) {
        return stack(functionStart).lowest();
    }
}
