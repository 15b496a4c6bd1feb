package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Program;

/** Which registers an instruction reads and writes: a bit for each, the frame pointer's too. */
public final class RegisterUse {
    /** R0 to R5, which a call clobbers. */
    public static final int CLOBBERED = 0x3f;

    private RegisterUse() {}

    /** The registers whose contents count for what the instruction does. */
    public static int read(Program program, Instruction i) {
        return switch (i.operation()) {
            case Alu(AluOp op, int _, Source source) ->
                    (op == AluOp.MOV ? 0 : bit(i.dst())) | source(i, source);
            case SignExtend _, Load _ -> bit(i.src());
            case Swap _ -> bit(i.dst());
            case Store(int _, Source source) -> bit(i.dst()) | source(i, source);
            case Atomic(AtomicOp op, int _) ->
                    switch (op) {
                        case LOAD_ACQUIRE -> bit(i.src());
                        case CMPXCHG -> bit(i.dst()) | bit(i.src()) | bit(0);
                        default -> bit(i.dst()) | bit(i.src());
                    };
            case Jump(var _, int _, Source source) -> bit(i.dst()) | source(i, source);
            case Goto _, MayGoto _, LoadImmediate _ -> 0;
            case Call(Callee callee) -> arguments(program, i, callee);
            case Exit _ -> bit(0);
            case LegacyLoad(int _, boolean indirect) -> bit(6) | (indirect ? bit(i.src()) : 0);
        };
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
            case Alu _, SignExtend _, Swap _, Load _, LoadImmediate _ -> bit(i.dst());
            case Atomic(AtomicOp op, int _) -> written(i, op);
            case Call _, LegacyLoad _ -> CLOBBERED;
            default -> 0;
        };
    }

    private static int written(Instruction i, AtomicOp op) {
        return switch (op) {
            case LOAD_ACQUIRE -> bit(i.dst());
            case CMPXCHG -> bit(0);
            default -> op.fetches() ? bit(i.src()) : 0;
        };
    }

    private static int source(Instruction i, Source source) {
        return source == Source.REGISTER ? bit(i.src()) : 0;
    }

    private static int bit(int register) {
        return 1 << register;
    }
}
