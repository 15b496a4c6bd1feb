package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.Store;

/** How many bytes an instruction touches. */
final class Sizes {
    private Sizes() {}

    static int of(Instruction i) {
        return switch (i.operation()) {
            case Load(int size, _) -> size;
            case Store(int size, _) -> size;
            case Atomic(_, int size) -> size;
            default -> 0;
        };
    }

    static boolean isAtomic(Instruction i) {
        return i.operation() instanceof Atomic;
    }
}
