package io.jsockmap.bpf.compiler.emit;

import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
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

/** Writes one instruction after the other. */
final class InstructionWriter {
    private final Method method;
    private final ArithmeticWriter arithmetic;
    private final JumpWriter jumps;
    private final MemoryWriter memory;
    private final CallWriter calls;

    InstructionWriter(Method method) {
        this.method = method;
        arithmetic = new ArithmeticWriter(method);
        jumps = new JumpWriter(method);
        memory = new MemoryWriter(method);
        calls = new CallWriter(method);
    }

    void write(int slot, Instruction i) {
        if (writesFramePointer(i)) {
            method.refuse(slot);
            return;
        }
        switch (i.operation()) {
            case Alu alu -> arithmetic.write(slot, i, alu);
            case SignExtend extend -> arithmetic.write(slot, i, extend);
            case Swap swap -> arithmetic.write(slot, i, swap);
            case Load load -> memory.load(slot, i, load);
            case Store store -> memory.store(slot, i, store);
            case Atomic atomic -> memory.atomic(slot, i, atomic);
            case Jump jump -> jumps.write(slot, i, jump);
            case Goto _ -> jumps.go(slot, i);
            case MayGoto _ -> jumps.mayGo(slot, i);
            case Call call -> calls.write(slot, i, call);
            case LoadImmediate load -> {
                var value = method.program.constants().value(slot, i, load.reference());
                if (value.isEmpty()) {
                    method.refuse(slot);
                } else {
                    method.push(value.getAsLong());
                    method.set(slot, i.dst());
                }
            }
            case LegacyLoad _ -> method.refuse(slot);
            case Exit _ -> method.exit();
        }
    }

    /** R10 is read only. */
    private static boolean writesFramePointer(Instruction i) {
        int register =
                switch (i.operation()) {
                    case Alu _, SignExtend _, Swap _, Load _, LoadImmediate _ -> i.dst();
                    case Atomic(var op, _) when op == AtomicOp.LOAD_ACQUIRE -> i.dst();
                    case Atomic(var op, _) when op.fetches() -> i.src();
                    default -> 0;
                };
        return register == Code.FRAME_POINTER;
    }
}
