package io.jsockmap.bpf.compiler.runtime;

import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;

import java.util.Arrays;

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
            case ProgramFault fault -> fault;
            case RuntimeException wrong when isOfCompiledCode(wrong) ->
                    new ProgramFault(program, slot, DISPROVED, wrong);
            default -> thrown;
        };
    }

    private static final String DISPROVED =
            "here or behind, memory is not where the verifier proved it to be";

    /** What the JVM refuses there the program must not do; elsewhere it is a mistake of ours. */
    private static boolean isOfCompiledCode(RuntimeException thrown) {
        // Without a trace it is one that the JVM throws often.
        return Arrays.stream(thrown.getStackTrace())
                .map(StackTraceElement::getClassName)
                .filter(name -> name.startsWith(OURS))
                .findFirst()
                .map(name -> name.startsWith(RUNTIME))
                .orElse(true);
    }

    private static final String OURS = "io.jsockmap.";
    private static final String RUNTIME = Faults.class.getPackageName();
}
