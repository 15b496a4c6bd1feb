package io.jsockmap.bpf.insn;

import io.jsockmap.bpf.insn.Opcode.Selector;
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

import java.util.EnumSet;
import java.util.Set;

/** The fields of the 64-bit encoding besides the opcode byte (RFC 9669, 3.1). */
enum Field {
    DST,
    SRC,
    OFFSET,
    IMMEDIATE;

    boolean isSelector(Selector selector) {
        return switch (this) {
            case DST -> false;
            case SRC -> selector == Selector.SOURCE_REGISTER;
            case OFFSET -> selector == Selector.OFFSET;
            case IMMEDIATE -> selector == Selector.IMMEDIATE;
        };
    }

    static Set<Field> operandsOf(Operation operation) {
        return switch (operation) {
            case Alu(AluOp op, int _, Source _) when op == AluOp.NEG -> EnumSet.of(DST);
            case Alu(AluOp _, int _, Source source) -> EnumSet.of(DST, of(source));
            case SignExtend _ -> EnumSet.of(DST, SRC);
            case Swap _ -> EnumSet.of(DST);
            case Load _, Atomic _ -> EnumSet.of(DST, SRC, OFFSET);
            case Store(int _, Source source) -> EnumSet.of(DST, OFFSET, of(source));
            case Jump(JumpOp _, int _, Source source) -> EnumSet.of(DST, OFFSET, of(source));
            case Goto(boolean far) -> EnumSet.of(far ? IMMEDIATE : OFFSET);
            case MayGoto _ -> EnumSet.of(OFFSET);
            case Call(Callee callee) when callee == Callee.REGISTER -> EnumSet.of(DST);
            case Call(Callee callee) when callee == Callee.KFUNC -> EnumSet.of(OFFSET, IMMEDIATE);
            case Call _ -> EnumSet.of(IMMEDIATE);
            case Exit _ -> EnumSet.noneOf(Field.class);
            case LoadImmediate _ -> EnumSet.of(DST, IMMEDIATE);
            case LegacyLoad(int _, boolean indirect) ->
                    indirect ? EnumSet.of(SRC, IMMEDIATE) : EnumSet.of(IMMEDIATE);
        };
    }

    private static Field of(Source source) {
        return source == Source.REGISTER ? SRC : IMMEDIATE;
    }
}
