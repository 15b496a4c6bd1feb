package io.jsockmap.bpf.verifier.log;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.flow.RegisterUse;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;

/** What an instruction touches: the log shows only that. */
final class Touched {
    private final int registers;
    private final long accessed;
    private final Frame frame;
    private final Slot[] before;

    /** Looks at the state before the instruction. */
    Touched(Program program, Instruction i, State state) {
        registers = RegisterUse.read(program, i) | RegisterUse.written(i);
        frame = state.frame();
        accessed = i.access().map(this::accessed).orElse(0L);
        before = new Slot[frame.depth()];
        for (int slot = 0; slot < before.length; slot++) before[slot] = frame.slot(slot);
    }

    private long accessed(Instruction.Access access) {
        int register = access.base();
        boolean here =
                frame.register(register) instanceof Pointer pointer
                        && pointer.is(PointerKind.STACK)
                        && pointer.frame() == frame.number()
                        && pointer.isFixed();
        if (!here) return 0;
        var pointer = (Pointer) frame.register(register);
        long first = pointer.offset() + pointer.variable().constant() + access.offset();
        long slots = 0;
        for (long at = first; at < first + access.size(); at++) {
            if (at >= -MachineLimits.STACK && at < 0) slots |= 1L << (-at - 1) / Slot.BYTES;
        }
        return slots;
    }

    /** What is known afterwards of what was touched; empty if nothing was. */
    String text(State after) {
        if (after.frame() != frame) return "";
        long slots = accessed | changed();
        return registers == 0 && slots == 0 ? "" : " " + StateText.of(after, registers, slots);
    }

    @SuppressWarnings("ReferenceEquality") // a slot that was not written is the same
    private long changed() {
        long slots = 0;
        for (int i = 0; i < frame.depth(); i++) {
            var old = i < before.length ? before[i] : Slot.EMPTY;
            if (old != frame.slot(i)) slots |= 1L << i;
        }
        return slots;
    }
}
