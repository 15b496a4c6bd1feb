package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;

/** What goes wrong in compiled code, as those outside hear of it. */
final class Faults {
    private Faults() {}

    /** The reason that ends a run; who catches it knows the instruction. */
    static final class Halt extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Halt(String reason) {
            super(reason, null, false, false);
        }
    }

    /** What was thrown while an instruction was executed, with its place. */
    static Throwable of(Throwable thrown, Program program, int slot) {
        return switch (thrown) {
            case MemoryFault fault -> new ProgramFault(program, slot, fault.getMessage());
            case Halt halt -> new ProgramFault(program, slot, halt.getMessage());
            case RuntimeException wrong when touchesMemory(program, slot) -> {
                if (wrong instanceof ProgramFault) yield wrong;
                var fault = new ProgramFault(program, slot, "outside of its memory");
                fault.initCause(wrong);
                yield fault;
            }
            default -> thrown;
        };
    }

    /** What the JVM refuses then is the program's fault: it was proved not to happen. */
    private static boolean touchesMemory(Program program, int slot) {
        var i = program.slot(slot);
        if (i == null) return false;
        return switch (i.operation()) {
            case Load _, Store _, Atomic _ -> true;
            default -> false;
        };
    }
}
