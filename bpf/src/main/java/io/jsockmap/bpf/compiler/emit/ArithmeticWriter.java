package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Order;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.MethodTypeDesc;

/** Arithmetic on 64 bits by longs, on 32 by ints. The JVM counts bits to shift as BPF does. */
final class ArithmeticWriter {
    private static final MethodTypeDesc LONGS = MethodTypeDesc.of(CD_long, CD_long, CD_long);
    private static final MethodTypeDesc INTS = MethodTypeDesc.of(CD_int, CD_int, CD_int);
    private static final long LOW = 0xffff_ffffL;

    private final Method method;
    private final CodeBuilder code;

    ArithmeticWriter(Method method) {
        this.method = method;
        code = method.code;
    }

    void write(int slot, Instruction i, Alu alu) {
        if (alu.bits() == Long.SIZE) {
            onLongs(slot, i, alu.op(), alu.source());
            method.set(slot, i.dst());
        } else if (!byWideDivision(i, alu)) {
            onInts(slot, i, alu.op(), alu.source());
            method.setInt(slot, i.dst());
        } else {
            method.set(slot, i.dst());
        }
    }

    // --- 64 bits ---------------------------------------------------------------------------------

    private void onLongs(int slot, Instruction i, AluOp op, Source source) {
        if (op != AluOp.MOV) method.get(i.dst());
        switch (op) {
            case NEG -> {}
            case LSH, RSH, ARSH -> method.intOperand(i, source);
            default -> method.operand(i, source);
        }
        switch (op) {
            case MOV -> {}
            case NEG -> code.lneg();
            case ADD -> code.ladd();
            case SUB -> code.lsub();
            case MUL -> code.lmul();
            case OR -> code.lor();
            case AND -> code.land();
            case XOR -> code.lxor();
            case LSH -> code.lshl();
            case RSH -> code.lushr();
            case ARSH -> code.lshr();
            case DIV, MOD, SDIV, SMOD -> divideLongs(slot, i, op, source);
        }
    }

    /** Both are on the stack. */
    private void divideLongs(int slot, Instruction i, AluOp op, Source source) {
        boolean zero = mayBeZero(slot, i, source);
        boolean division = op == AluOp.DIV || op == AluOp.SDIV;
        boolean signed = op == AluOp.SDIV || op == AluOp.SMOD;
        if (!zero && (signed || isNonNegative(slot))) {
            if (division) code.ldiv();
            else code.lrem();
        } else if (signed) {
            call(division ? "divideSigned" : "moduloSigned", LONGS);
        } else if (source == Source.IMMEDIATE && i.immediate() > 0) {
            call(division ? "divideBy" : "moduloBy", LONGS);
        } else {
            call(division ? "divide" : "modulo", LONGS);
        }
    }

    private boolean mayBeZero(int slot, Instruction i, Source source) {
        if (source == Source.IMMEDIATE) return i.immediate() == 0;
        return !method.unit.facts().map(f -> f.nonZero(slot)).orElse(false);
    }

    private boolean isNonNegative(int slot) {
        return method.unit.facts().map(f -> f.nonNegative(slot)).orElse(false);
    }

    private void call(String name, MethodTypeDesc type) {
        code.invokestatic(Names.DIVISION, name, type);
    }

    // --- 32 bits ---------------------------------------------------------------------------------

    /** Without signs, and by a constant: as longs above zero, the JVM multiplies instead. */
    private boolean byWideDivision(Instruction i, Alu alu) {
        boolean division = alu.op() == AluOp.DIV || alu.op() == AluOp.MOD;
        if (!division || alu.source() != Source.IMMEDIATE || i.immediate() == 0) return false;
        method.get(i.dst());
        method.push(LOW);
        code.land();
        method.push(i.immediate() & LOW);
        if (alu.op() == AluOp.DIV) code.ldiv();
        else code.lrem();
        return true;
    }

    private void onInts(int slot, Instruction i, AluOp op, Source source) {
        if (op != AluOp.MOV) method.getInt(i.dst());
        if (op != AluOp.NEG) method.intOperand(i, source);
        boolean zero = mayBeZero(slot, i, source);
        switch (op) {
            case MOV -> {}
            case NEG -> code.ineg();
            case ADD -> code.iadd();
            case SUB -> code.isub();
            case MUL -> code.imul();
            case OR -> code.ior();
            case AND -> code.iand();
            case XOR -> code.ixor();
            case LSH -> code.ishl();
            case RSH -> code.iushr();
            case ARSH -> code.ishr();
            case DIV -> call("divide", INTS);
            case MOD -> call("modulo", INTS);
            case SDIV -> {
                if (zero) call("divideSigned", INTS);
                else code.idiv();
            }
            case SMOD -> {
                if (zero) call("moduloSigned", INTS);
                else code.irem();
            }
        }
    }

    // --- Signs and order -------------------------------------------------------------------------

    void write(int slot, Instruction i, SignExtend extend) {
        method.getInt(i.src());
        switch (extend.from()) {
            case Byte.SIZE -> code.i2b();
            case Short.SIZE -> code.i2s();
            default -> {}
        }
        if (extend.bits() == Integer.SIZE) {
            method.setInt(slot, i.dst());
        } else {
            code.i2l();
            method.set(slot, i.dst());
        }
    }

    void write(int slot, Instruction i, Swap swap) {
        boolean reverse = swap.order() != Order.TO_LITTLE;
        switch (swap.width()) {
            case Short.SIZE -> {
                method.getInt(i.dst());
                if (reverse) {
                    code.i2s();
                    var type = MethodTypeDesc.of(CD_short, CD_short);
                    code.invokestatic(Names.of(Short.class), "reverseBytes", type);
                }
                code.loadConstant(0xffff).iand().i2l();
                method.set(slot, i.dst());
            }
            case Integer.SIZE -> {
                method.getInt(i.dst());
                var type = MethodTypeDesc.of(CD_int, CD_int);
                if (reverse) code.invokestatic(Names.of(Integer.class), "reverseBytes", type);
                method.setInt(slot, i.dst());
            }
            default -> {
                method.get(i.dst());
                var type = MethodTypeDesc.of(CD_long, CD_long);
                if (reverse) code.invokestatic(Names.of(Long.class), "reverseBytes", type);
                method.set(slot, i.dst());
            }
        }
    }
}
