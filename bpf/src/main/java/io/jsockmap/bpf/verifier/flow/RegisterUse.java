package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.program.Program;

/** Which registers an instruction reads and writes: a bit for each, the frame pointer's too. */
public final class RegisterUse {
    /** R0 to R5, which a call clobbers. */
    public static final int CLOBBERED = 0x3f;

    private RegisterUse() {}

    /** The registers whose contents count for what the instruction does. */
    public static int read(Program program, Instruction i) {
        return i.operation() instanceof Call(Callee callee)
                ? arguments(program, i, callee)
                : i.registersRead();
    }

    private static int arguments(Program program, Instruction i, Callee callee) {
        var type = program.type();
        int count =
                switch (callee) {
                    case HELPER ->
                            type.helper((int) i.immediate())
                                    .map(h -> h.arguments().size())
                                    .orElse(5);
                    case KFUNC ->
                            type.kfunc(i.immediate()).map(k -> k.arguments().size()).orElse(5);
                    default -> 5;
                };
        return (1 << count + 1) - 2;
    }

    /** The registers that hold something else, or nothing, afterwards. */
    public static int written(Instruction i) {
        return switch (i.operation()) {
            case Call _, LegacyLoad _ -> CLOBBERED;
            default -> i.registersWritten();
        };
    }
}
