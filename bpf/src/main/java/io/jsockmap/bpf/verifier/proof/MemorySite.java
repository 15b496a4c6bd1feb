package io.jsockmap.bpf.verifier.proof;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.program.Target;
import io.jsockmap.bpf.verifier.flow.Signs;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.List;

/** A load, a store or an atomic operation. */
final class MemorySite implements Site {
    private final int function;
    private final Instruction.Access access;
    private Target target;

    MemorySite(Walk walk, Instruction.Access access) {
        this.function = walk.flow().functions().startOf(walk.slot());
        this.access = access;
    }

    @Override
    public void before(Walk walk) {
        var state = walk.state();
        var reg = state.register(access.base());
        int step = access.offset();
        if (target != null && Targets.isSame(target, reg, step, state)) return;
        // Nothing else is a base: the program will be refused.
        if (!(reg instanceof Pointer pointer)) return;
        var seen = Targets.of(pointer, step, state);
        if (pointer.is(PointerKind.STACK) && !(seen instanceof Target.Stack)) {
            share(walk, pointer);
        }
        var joined = Targets.join(target, seen);
        if (!(joined instanceof Target.Stack)) {
            share(walk, target);
            share(walk, seen);
        }
        target = joined;
    }

    private void share(Walk walk, Target other) {
        if (other instanceof Target.Stack(int offset)) {
            walk.shared().add(function, offset, offset + access.size());
        }
    }

    private void share(Walk walk, Pointer pointer) {
        var frame = walk.state().frame(pointer.frame());
        long offset = (long) pointer.offset() + access.offset();
        // Both ends are far from those of a long where the access is legal.
        long first = pointer.variable().smin() + offset;
        long last = pointer.variable().smax() + offset;
        walk.shared().add(frame.function(), first, last + access.size());
    }

    @Override
    public SlotFacts facts(Signs signs) {
        return new SlotFacts(target, List.of(), List.of(), false, false);
    }
}
