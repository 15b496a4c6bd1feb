package io.jsockmap.bpf.verifier.proof;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.program.Target;
import io.jsockmap.bpf.verifier.flow.Signs;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.List;

/**
 * A division or an unsigned comparison.
 *
 * <p>What a state says of a number need not hold for those for which it stands, unless a decision
 * hung on it; what it says of a pointer does. So of numbers counts what {@link Signs} know.
 */
final class OperandSite implements Site {
    /** Further than any access reaches, and less than what makes an address negative. */
    private static final long FAR = 1L << 40;

    private final int slot;
    private final Instruction instruction;
    private final Alu division;
    private final boolean immediate;
    private boolean leftIsPointer = true;
    private boolean rightIsPointer;

    OperandSite(Walk walk, Instruction instruction, Jump jump) {
        this(walk, instruction, null, jump.source());
    }

    OperandSite(Walk walk, Instruction instruction, Alu division) {
        this(walk, instruction, division, division.source());
    }

    private OperandSite(Walk walk, Instruction instruction, Alu division, Source source) {
        this.slot = walk.slot();
        this.instruction = instruction;
        this.division = division;
        this.immediate = source == Source.IMMEDIATE;
        rightIsPointer = !immediate;
    }

    @Override
    public void before(Walk walk) {
        var state = walk.state();
        if (leftIsPointer) leftIsPointer = isAddress(state.register(instruction.dst()));
        if (rightIsPointer) rightIsPointer = isAddress(state.register(instruction.src()));
    }

    /** A pointer that is not negative, as those are not that stay near their regions. */
    private static boolean isAddress(Reg reg) {
        if (!(reg instanceof Pointer pointer)) return false;
        if (pointer.variable().smax() > FAR || pointer.variable().smin() < -FAR) return false;
        // A packet that is not there begins at 0.
        boolean mayBeZero = pointer.nullable() || pointer.isOfPacket() || isInternal(pointer);
        return !mayBeZero || pointer.offset() + pointer.variable().smin() >= 0;
    }

    private static boolean isInternal(Pointer pointer) {
        return pointer.is(PointerKind.STRUCTURE) && pointer.structure().internal();
    }

    /** Whether it hangs on the signs of numbers. */
    boolean hasNumber() {
        return division != null || !leftIsPointer || !rightIsPointer;
    }

    @Override
    public SlotFacts facts(Signs signs) {
        boolean wide = division == null || division.bits() == 64;
        boolean nonNegative =
                wide
                        && (leftIsPointer || signs.isNonNegative(slot, instruction.dst()))
                        && (rightIsPointer || isRightNonNegative(signs));
        boolean nonZero = division != null && signs.hasNonZeroDivisor(slot, division);
        return new SlotFacts(Target.ANY, List.of(), List.of(), nonNegative, nonZero);
    }

    private boolean isRightNonNegative(Signs signs) {
        if (immediate) return instruction.immediate() >= 0;
        return signs.isNonNegative(slot, instruction.src());
    }
}
