package io.jsockmap.bpf.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Source;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.MethodTypeDesc;

/** Jumps. Where nothing was proved, those that go back are counted: they might do so for ever. */
final class JumpWriter {
    private final Method method;
    private final CodeBuilder code;

    JumpWriter(Method method) {
        this.method = method;
        code = method.code;
    }

    void go(int slot, Instruction i) {
        long target = i.jumpTarget(slot);
        tick(slot, target);
        code.goto_(method.label(slot, target));
    }

    void mayGo(int slot, Instruction i) {
        tick(slot, i.jumpTarget(slot));
        code.aload(Locals.X);
        Bindings.pushInt(code, Math.max(1, i.offset()));
        method.callOnExecution("hasLoopedEnough", Names.INT_TO_BOOLEAN);
        code.ifne(method.label(slot, i.jumpTarget(slot)));
    }

    void write(int slot, Instruction i, Jump jump) {
        long target = i.jumpTarget(slot);
        tick(slot, target);
        var label = method.label(slot, target);
        if (jump.bits() == Long.SIZE) onLongs(slot, i, jump, label);
        else onInts(i, jump, label);
    }

    /** Whether an instruction jumps back, and nothing says that this comes to an end. */
    static boolean isCounted(Unit unit, int slot) {
        var i = unit.program().slot(slot);
        return unit.isChecked() && i.isJump() && i.jumpTarget(slot) <= slot;
    }

    private void tick(int slot, long target) {
        if (!isCounted(method.unit, slot)) return;
        method.mayFault(slot);
        code.aload(Locals.X);
        Bindings.pushInt(code, (int) (slot - target + 1));
        method.callOnExecution("tick", Names.TAKES_INT);
    }

    private void onLongs(int slot, Instruction i, Jump jump, Label label) {
        method.get(i.dst());
        method.operand(i, jump.source());
        var op = jump.op();
        if (op == JumpOp.JSET) {
            code.land().lconst_0().lcmp().ifne(label);
            return;
        }
        boolean signs =
                op.isUnsigned() && !method.unit.facts().map(f -> f.nonNegative(slot)).orElse(false);
        if (signs) {
            var type = MethodTypeDesc.of(CD_int, CD_long, CD_long);
            code.invokestatic(Names.of(Long.class), "compareUnsigned", type);
        } else {
            code.lcmp();
        }
        code.branch(againstZero(op), label);
    }

    private void onInts(Instruction i, Jump jump, Label label) {
        var op = jump.op();
        method.getInt(i.dst());
        boolean zero = jump.source() == Source.IMMEDIATE && i.immediate() == 0;
        if (zero && !op.isUnsigned() && op != JumpOp.JSET) {
            code.branch(againstZero(op), label);
            return;
        }
        method.intOperand(i, jump.source());
        if (op == JumpOp.JSET) {
            code.iand().ifne(label);
        } else if (op.isUnsigned()) {
            var type = MethodTypeDesc.of(CD_int, CD_int, CD_int);
            code.invokestatic(Names.of(Integer.class), "compareUnsigned", type);
            code.branch(againstZero(op), label);
        } else {
            code.branch(ofInts(op), label);
        }
    }

    private static Opcode againstZero(JumpOp op) {
        return switch (op) {
            case JEQ -> Opcode.IFEQ;
            case JNE, JSET -> Opcode.IFNE;
            case JGT, JSGT -> Opcode.IFGT;
            case JGE, JSGE -> Opcode.IFGE;
            case JLT, JSLT -> Opcode.IFLT;
            case JLE, JSLE -> Opcode.IFLE;
        };
    }

    private static Opcode ofInts(JumpOp op) {
        return switch (op) {
            case JEQ -> Opcode.IF_ICMPEQ;
            case JNE, JSET -> Opcode.IF_ICMPNE;
            case JGT, JSGT -> Opcode.IF_ICMPGT;
            case JGE, JSGE -> Opcode.IF_ICMPGE;
            case JLT, JSLT -> Opcode.IF_ICMPLT;
            case JLE, JSLE -> Opcode.IF_ICMPLE;
        };
    }
}
