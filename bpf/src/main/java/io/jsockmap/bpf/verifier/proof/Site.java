package io.jsockmap.bpf.verifier.proof;

import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.program.Target;
import io.jsockmap.bpf.verifier.flow.Signs;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.List;

/** What is gathered of an instruction that some path gets to. */
interface Site {
    /** Nothing but that. */
    SlotFacts REACHED = new SlotFacts(Target.ANY, List.of(), List.of(), false, false);

    /** A path gets to it, with that state. */
    void before(Walk walk);

    /**
     * What all paths have in common; none comes any more.
     *
     * @param signs null if no operand is a number
     */
    SlotFacts facts(Signs signs);

    /** The site of the instruction where the walk is. */
    static Site at(Walk walk) {
        var i = walk.program().slot(walk.slot());
        return switch (i.operation()) {
            case Load _, Store _, Atomic _ -> new MemorySite(walk, i.access().orElseThrow());
            case Call _ -> new CallSite(walk);
            case Alu alu when alu.op().isDivision() -> new OperandSite(walk, i, alu);
            case Jump jump when jump.bits() == 64 && jump.op().isUnsigned() ->
                    new OperandSite(walk, i, jump);
            default -> PlainSite.PLAIN;
        };
    }

    /** Whether the instruction uses the frame pointer otherwise than as a base. */
    static boolean lendsFrame(Instruction i) {
        int frame = Code.FRAME_POINTER;
        if (i.src() != frame && i.dst() != frame) return false;
        return switch (i.operation()) {
            case Load _ -> false;
            case Store(var _, Source source) -> source == Source.REGISTER && i.src() == frame;
            case Atomic(AtomicOp op, var _) -> op != AtomicOp.LOAD_ACQUIRE && i.src() == frame;
            default -> true;
        };
    }
}
