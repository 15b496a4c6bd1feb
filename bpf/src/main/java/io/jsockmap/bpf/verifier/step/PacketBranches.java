package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.verifier.domain.Branch;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.State;

/** Comparisons of pointers into the packet with its end: they tell how many bytes there are. */
final class PacketBranches {
    /** A packet is not longer, as far as the kernel's verifier is concerned. */
    private static final long MAX_OFFSET = 0xffff;

    static boolean isPacketComparison(Jump jump, Reg left, Reg right) {
        return jump.bits() == 64
                && left instanceof Pointer a
                && right instanceof Pointer b
                && (a.is(PointerKind.PACKET) && b.is(PointerKind.PACKET_END)
                        || a.is(PointerKind.PACKET_END) && b.is(PointerKind.PACKET));
    }

    /** What an earlier comparison has decided already. */
    static Branch decide(JumpOp op, Pointer left, Pointer right) {
        if (right.is(PointerKind.PACKET_END)) return decide(op, left);
        if (left.is(PointerKind.PACKET_END)) return decide(flipped(op), right);
        return Branch.MAYBE;
    }

    private static Branch decide(JumpOp op, Pointer packet) {
        if (!packet.is(PointerKind.PACKET) || packet.range() >= 0) return Branch.MAYBE;
        boolean beyond = packet.range() == Pointer.BEYOND_PACKET_END;
        return switch (op) {
            case JLE, JGT -> beyond ? of(op == JumpOp.JGT) : Branch.MAYBE;
            case JLT, JGE -> of(op == JumpOp.JGE);
            default -> Branch.MAYBE;
        };
    }

    private static Branch of(boolean always) {
        return always ? Branch.ALWAYS : Branch.NEVER;
    }

    private static JumpOp flipped(JumpOp op) {
        return switch (op) {
            case JGT -> JumpOp.JLT;
            case JLT -> JumpOp.JGT;
            case JGE -> JumpOp.JLE;
            case JLE -> JumpOp.JGE;
            default -> op;
        };
    }

    /** Notes what each way tells of the packet's length. */
    void learn(Instruction i, JumpOp op, Pointer left, Pointer right, State taken, State not) {
        if (left.is(PointerKind.PACKET) && right.is(PointerKind.PACKET_END)) {
            learn(op, i.dst(), left, taken, not);
        } else if (left.is(PointerKind.PACKET_END) && right.is(PointerKind.PACKET)) {
            learn(flipped(op), i.src(), right, taken, not);
        }
    }

    /** The pointer stands on the left of the comparison, the packet's end on the right. */
    private static void learn(JumpOp op, int register, Pointer packet, State taken, State not) {
        switch (op) {
            case JGT -> {
                reachable(not, packet, false);
                atEnd(taken, register, true);
            }
            case JGE -> {
                reachable(not, packet, true);
                atEnd(taken, register, false);
            }
            case JLE -> {
                reachable(taken, packet, false);
                atEnd(not, register, true);
            }
            case JLT -> {
                reachable(taken, packet, true);
                atEnd(not, register, false);
            }
            default -> {}
        }
    }

    /**
     * The bytes before the pointer are there; that at which it stands too, if it is not the end.
     */
    private static void reachable(State state, Pointer packet, boolean oneMore) {
        int offset = packet.offset();
        if (offset <= 0) return;
        long most = packet.variable().umax();
        boolean insane = Long.compareUnsigned(most, MAX_OFFSET) > 0 || most + offset > MAX_OFFSET;
        if (insane) return;
        int range = oneMore ? offset + 1 : offset;
        state.replaceAll(
                reg ->
                        reg instanceof Pointer pointer
                                        && pointer.is(PointerKind.PACKET)
                                        && pointer.id() == packet.id()
                                        && pointer.range() < range
                                ? pointer.withRange(range)
                                : reg);
    }

    private static void atEnd(State state, int register, boolean beyond) {
        if (!(state.register(register) instanceof Pointer pointer)) return;
        if (!pointer.is(PointerKind.PACKET)) return;
        int range = beyond ? Pointer.BEYOND_PACKET_END : Pointer.AT_PACKET_END;
        state.set(register, pointer.withRange(range));
    }
}
