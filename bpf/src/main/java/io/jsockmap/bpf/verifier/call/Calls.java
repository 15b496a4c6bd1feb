package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.MemoryBounds;
import io.jsockmap.bpf.verifier.step.StackAccess;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.Optional;
import java.util.function.Supplier;

/** Calls. */
public final class Calls {
    /** The path ends. */
    public static final int END = -1;

    private final Walk walk;

    public Calls(
            Walk walk, MemoryBounds bounds, StackAccess stack, Supplier<Optional<State>> previous) {
        this.walk = walk;
    }

    public Pointer whenNotNull(Pointer pointer) {
        return pointer.notNull(0);
    }

    public int call(Instruction i, Operation.Callee callee) {
        walk.state().set(0, Scalar.unknown());
        return walk.slot() + 1;
    }

    public int exit() {
        walk.readable(0);
        return END;
    }
}
