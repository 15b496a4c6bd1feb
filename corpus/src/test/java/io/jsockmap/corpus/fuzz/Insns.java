package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Opcodes;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Source;

/** Instructions by what they do. */
final class Insns {
    private Insns() {}

    static Instruction of(Operation operation, int dst, int src, int offset, long immediate) {
        return new Instruction(Opcodes.of(operation).orElseThrow(), dst, src, offset, immediate);
    }

    static Instruction move(int dst, int src) {
        return alu(AluOp.MOV, 64, dst, src);
    }

    static Instruction set(int dst, int constant) {
        return aluConstant(AluOp.MOV, 64, dst, constant);
    }

    static Instruction wide(int dst, long constant) {
        return of(new LoadImmediate(ImmediateKind.NUMBER), dst, 0, 0, constant);
    }

    static Instruction alu(AluOp op, int bits, int dst, int src) {
        return of(new Operation.Alu(op, bits, Source.REGISTER), dst, src, 0, 0);
    }

    static Instruction aluConstant(AluOp op, int bits, int dst, int constant) {
        return of(new Operation.Alu(op, bits, Source.IMMEDIATE), dst, 0, 0, constant);
    }

    static Instruction add(int dst, int constant) {
        return aluConstant(AluOp.ADD, 64, dst, constant);
    }

    static Instruction load(int size, int dst, int src, int offset) {
        return of(new Operation.Load(size, false), dst, src, offset, 0);
    }

    static Instruction loadSigned(int size, int dst, int src, int offset) {
        return of(new Operation.Load(size, true), dst, src, offset, 0);
    }

    static Instruction store(int size, int dst, int offset, int src) {
        return of(new Operation.Store(size, Source.REGISTER), dst, src, offset, 0);
    }

    static Instruction storeConstant(int size, int dst, int offset, int constant) {
        return of(new Operation.Store(size, Source.IMMEDIATE), dst, 0, offset, constant);
    }

    static Instruction atomic(AtomicOp op, int size, int dst, int offset, int src) {
        return of(new Operation.Atomic(op, size), dst, src, offset, 0);
    }

    static Instruction jump(JumpOp op, int bits, int dst, int src) {
        return of(new Operation.Jump(op, bits, Source.REGISTER), dst, src, 0, 0);
    }

    static Instruction jumpConstant(JumpOp op, int bits, int dst, int constant) {
        return of(new Operation.Jump(op, bits, Source.IMMEDIATE), dst, 0, 0, constant);
    }

    static Instruction go() {
        return of(new Operation.Goto(false), 0, 0, 0, 0);
    }

    static Instruction mayGo() {
        return of(new Operation.MayGoto(), 0, 0, 0, 0);
    }

    static Instruction call(int helper) {
        return of(new Call(Callee.HELPER), 0, 0, 0, helper);
    }

    static Instruction callLocal() {
        return of(new Call(Callee.LOCAL), 0, 0, 0, 0);
    }

    static Instruction callKfunc(int place) {
        return of(new Call(Callee.KFUNC), 0, 0, 0, place);
    }

    static Instruction function(int dst) {
        return of(new LoadImmediate(ImmediateKind.FUNCTION), dst, 0, 0, 0);
    }

    static Instruction map(int dst, FuzzMap map) {
        return of(new LoadImmediate(ImmediateKind.MAP), dst, 0, 0, map.place());
    }

    static Instruction value(int dst, FuzzMap map, int offset) {
        long both = map.place() | (long) offset << 32;
        return of(new LoadImmediate(ImmediateKind.MAP_VALUE), dst, 0, 0, both);
    }

    static Instruction exit() {
        return of(new Operation.Exit(), 0, 0, 0, 0);
    }
}
