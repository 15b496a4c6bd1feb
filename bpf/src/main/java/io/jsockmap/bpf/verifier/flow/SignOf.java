package io.jsockmap.bpf.verifier.flow;

import static io.jsockmap.bpf.verifier.flow.Sign.LOW;
import static io.jsockmap.bpf.verifier.flow.Sign.NON_NEGATIVE;
import static io.jsockmap.bpf.verifier.flow.Sign.NON_ZERO;
import static io.jsockmap.bpf.verifier.flow.Sign.NOTHING;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;

/** What an instruction makes of the signs of the registers. */
final class SignOf {
    private SignOf() {}

    /** The signs behind an instruction, which is no jump. */
    static long step(Instruction i, long signs) {
        return switch (i.operation()) {
            case Alu alu -> Sign.with(signs, i.dst(), alu(i, alu, signs));
            case SignExtend(int _, int bits) ->
                    Sign.with(signs, i.dst(), bits == 32 ? LOW : NOTHING);
            case Swap(var _, int width) -> Sign.with(signs, i.dst(), width == 64 ? NOTHING : LOW);
            case Load(int size, boolean signed) -> Sign.with(signs, i.dst(), loaded(size, signed));
            case LoadImmediate(ImmediateKind kind) -> Sign.with(signs, i.dst(), immediate(i, kind));
            default -> forget(RegisterUse.written(i), signs);
        };
    }

    private static long forget(int registers, long signs) {
        long kept = signs;
        for (int i = 0; i < Code.FRAME_POINTER; i++) {
            if ((registers >> i & 1) != 0) kept = Sign.with(kept, i, NOTHING);
        }
        return kept;
    }

    private static int loaded(int size, boolean signed) {
        return signed || size == Long.BYTES ? NOTHING : LOW;
    }

    private static int immediate(Instruction i, ImmediateKind kind) {
        return kind == ImmediateKind.NUMBER ? Sign.of(i.immediate()) : NON_NEGATIVE;
    }

    /** The sign of the second operand. */
    static int operand(Instruction i, Source source, int bits, long signs) {
        if (source == Source.REGISTER) return Sign.of(signs, i.src());
        return Sign.of(bits == 64 ? i.immediate() : Integer.toUnsignedLong((int) i.immediate()));
    }

    private static int alu(Instruction i, Alu alu, long signs) {
        int a = Sign.of(signs, i.dst());
        int b = operand(i, alu.source(), alu.bits(), signs);
        if (alu.bits() == 64) return wide(i, alu, a, b);
        // What is known of the whole operands is of use only where they have no upper half.
        int kept = alu.op() == AluOp.MOV && Sign.isLow(b) ? b & NON_ZERO : NOTHING;
        boolean or = alu.op() == AluOp.OR && (isLowNonZero(a) || isLowNonZero(b));
        return LOW | kept | (or ? NON_ZERO : NOTHING);
    }

    private static boolean isLowNonZero(int sign) {
        return Sign.isLow(sign) && Sign.isNonZero(sign);
    }

    private static int wide(Instruction i, Alu alu, int a, int b) {
        return switch (alu.op()) {
            case MOV -> b;
            case AND -> (a | b) & LOW;
            case OR -> a & b & LOW | (a | b) & NON_ZERO;
            case XOR, SDIV -> a & b & LOW;
            case DIV, MOD, SMOD, ARSH -> a & LOW;
            case RSH -> a & LOW | shifted(i, alu);
            case LSH -> {
                boolean short31 = alu.source() == Source.IMMEDIATE && i.immediate() < 32;
                yield Sign.isLow(a) && short31 ? NON_NEGATIVE : NOTHING;
            }
            case ADD -> {
                boolean low = Sign.isLow(a) && Sign.isLow(b);
                yield low ? NON_NEGATIVE | (a | b) & NON_ZERO : NOTHING;
            }
            case SUB, MUL, NEG -> NOTHING;
        };
    }

    private static int shifted(Instruction i, Alu alu) {
        if (alu.source() != Source.IMMEDIATE || i.immediate() == 0) return NOTHING;
        return i.immediate() >= 32 ? LOW : NON_NEGATIVE;
    }

    // --- Jumps -----------------------------------------------------------------------------------

    /** The signs with what a jump tells of its operands where it is taken, or is not. */
    static long learn(Instruction i, Jump jump, boolean taken, long signs) {
        int other = operand(i, jump.source(), jump.bits(), signs);
        boolean zero = jump.source() == Source.IMMEDIATE && i.immediate() == 0;
        var op = taken ? jump.op() : jump.op().opposite().orElse(null);
        if (op == null) return signs;
        int more = jump.bits() == 64 ? learned(op, other, zero, i, jump) : half(op, zero);
        return Sign.with(signs, i.dst(), Sign.of(signs, i.dst()) | more);
    }

    private static int learned(JumpOp op, int other, boolean zero, Instruction i, Jump jump) {
        return switch (op) {
            case JEQ -> other;
            case JNE -> zero ? NON_ZERO : NOTHING;
            case JGT, JSET -> NON_ZERO;
            case JGE -> other & NON_ZERO;
            case JLT, JLE -> other & LOW;
            case JSGT -> {
                boolean above = jump.source() == Source.IMMEDIATE && i.immediate() == -1;
                yield Sign.isNonNegative(other)
                        ? NON_NEGATIVE | NON_ZERO
                        : above ? NON_NEGATIVE : NOTHING;
            }
            case JSGE -> Sign.isNonNegative(other) ? other & ~LOW | NON_NEGATIVE : NOTHING;
            case JSLT, JSLE -> NOTHING;
        };
    }

    /** A low half that is not zero is no zero; of the upper half nothing is told. */
    private static int half(JumpOp op, boolean zero) {
        boolean nonZero = op == JumpOp.JNE && zero || op == JumpOp.JGT || op == JumpOp.JSET;
        return nonZero ? NON_ZERO : NOTHING;
    }
}
