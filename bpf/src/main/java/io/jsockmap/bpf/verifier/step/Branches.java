package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.verifier.domain.Branch;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;

import java.util.Optional;
import java.util.function.UnaryOperator;

/** Conditional jumps: which ways are possible, and what is known on each. */
public final class Branches {
    private final Walk walk;
    private final PacketBranches packets;
    private final UnaryOperator<Pointer> whenNotNull;

    /**
     * @param whenNotNull what a pointer is once it is known not to be null, where that is more than
     *     the same pointer
     */
    public Branches(Walk walk, UnaryOperator<Pointer> whenNotNull) {
        this.walk = walk;
        this.whenNotNull = whenNotNull;
        packets = new PacketBranches();
    }

    /** The effect of a jump; gives the slot where this path goes on. */
    public int jump(Instruction i, Jump jump) {
        boolean immediate = jump.source() == Source.IMMEDIATE;
        var right = immediate ? Scalar.of(i.immediate()) : walk.readable(i.src());
        var left = walk.readable(i.dst());
        int next = walk.slot() + 1;
        int target = (int) i.jumpTarget(walk.slot());
        var branch = decide(jump, left, right);
        if (branch != Branch.MAYBE) {
            Walk.markPrecise(left);
            Walk.markPrecise(right);
            return branch == Branch.ALWAYS ? target : next;
        }
        checkComparable(i, jump, left, right);
        return left instanceof Scalar a && right instanceof Scalar b
                ? numbers(i, jump, a, b, next, target)
                : pointers(i, jump, left, right, next, target);
    }

    /** A comparison with a number that shows an address is a leak, but for null checks. */
    private void checkComparable(Instruction i, Jump jump, Reg left, Reg right) {
        if (walk.mayLeakPointers() || left instanceof Scalar && right instanceof Scalar) return;
        boolean nullCheck =
                left instanceof Pointer pointer
                        && pointer.nullable()
                        && jump.source() == Source.IMMEDIATE
                        && i.immediate() == 0;
        if (nullCheck || PacketBranches.isPacketComparison(jump, left, right)) return;
        throw walk.refused(
                Rule.POINTER_LEAK,
                Errno.EACCES,
                i.dst(),
                "R%d pointer comparison prohibited",
                i.dst());
    }

    // --- Which ways ------------------------------------------------------------------------------

    private static Branch decide(Jump jump, Reg left, Reg right) {
        if (left instanceof Scalar a && right instanceof Scalar b) {
            return a.bounds().compare(jump.op(), jump.bits(), b.bounds());
        }
        if (left instanceof Pointer a && right instanceof Pointer b) {
            return jump.bits() == 64 ? PacketBranches.decide(jump.op(), a, b) : Branch.MAYBE;
        }
        if (left instanceof Pointer pointer) return againstNumber(jump, pointer, (Scalar) right);
        return againstNumber(jump, (Pointer) right, (Scalar) left);
    }

    /** A pointer that is not null is not zero. */
    private static Branch againstNumber(Jump jump, Pointer pointer, Scalar number) {
        boolean zero =
                jump.bits() == 64
                        ? number.isConstant() && number.bounds().constant() == 0
                        : number.bounds().u32min() == 0 && number.bounds().u32max() == 0;
        if (!zero || pointer.nullable() || !isNeverNull(pointer)) return Branch.MAYBE;
        return switch (jump.op()) {
            case JEQ -> Branch.NEVER;
            case JNE -> Branch.ALWAYS;
            default -> Branch.MAYBE;
        };
    }

    /** The kinds of which the kernel knows that they are not null. */
    private static boolean isNeverNull(Pointer pointer) {
        return switch (pointer.kind()) {
            case STRUCTURE -> !pointer.structure().internal();
            case MAP_VALUE, MAP_KEY, MEMORY, RECORD, MAP -> true;
            case CONTEXT, STACK, PACKET, PACKET_END, FUNCTION, DYNPTR -> false;
        };
    }

    // --- Numbers ---------------------------------------------------------------------------------

    private int numbers(Instruction i, Jump jump, Scalar a, Scalar b, int next, int target) {
        var taken = a.bounds().refine(jump.op(), true, jump.bits(), b.bounds());
        var not = a.bounds().refine(jump.op(), false, jump.bits(), b.bounds());
        if (taken.isEmpty() || not.isEmpty()) {
            // What is known of both together rules one way out.
            a.markPrecise();
            b.markPrecise();
            return taken.isEmpty() ? next : target;
        }
        var other = walk.state().copy();
        learn(other, i.dst(), a, a.refined(taken.get().left(), b));
        learn(walk.state(), i.dst(), a, a.refined(not.get().left(), b));
        if (jump.source() == Source.REGISTER && i.src() != i.dst()) {
            learn(other, i.src(), b, b.refined(taken.get().right(), a));
            learn(walk.state(), i.src(), b, b.refined(not.get().right(), a));
        }
        walk.fork(other, target);
        return next;
    }

    /** What is learned of a number counts for all that move with it. */
    @SuppressWarnings("ReferenceEquality") // the register itself is set already
    private static void learn(State state, int register, Scalar before, Scalar after) {
        state.set(register, after);
        if (before.id() == 0) return;
        state.replaceAll(
                reg ->
                        reg instanceof Scalar linked && linked != after && linked.id() == after.id()
                                ? linked.following(after)
                                : reg);
    }

    // --- Pointers --------------------------------------------------------------------------------

    private int pointers(Instruction i, Jump jump, Reg left, Reg right, int next, int target) {
        var other = walk.state().copy();
        nullCheck(i, jump, left)
                .ifPresentOrElse(
                        check -> {
                            boolean nullWhenTaken = jump.op() == JumpOp.JEQ;
                            resolve(other, check, nullWhenTaken);
                            resolve(walk.state(), check, !nullWhenTaken);
                        },
                        () -> learnOfPointers(i, jump, left, right, other));
        walk.fork(other, target);
        return next;
    }

    private void learnOfPointers(Instruction i, Jump jump, Reg left, Reg right, State other) {
        if (left instanceof Pointer a && right instanceof Pointer b) {
            if (liftsNull(jump, a, b)) {
                var state = jump.op() == JumpOp.JEQ ? other : walk.state();
                resolve(state, a.nullable() ? a : b, false);
            }
            if (jump.bits() == 64) packets.learn(i, jump.op(), a, b, other, walk.state());
        }
    }

    /** A pointer that equals one which is not null is not null. */
    private static boolean liftsNull(Jump jump, Pointer a, Pointer b) {
        boolean equality = jump.op() == JumpOp.JEQ || jump.op() == JumpOp.JNE;
        return equality
                && jump.bits() == 64
                && a.nullable() != b.nullable()
                && !mayBeZero(a)
                && !mayBeZero(b);
    }

    /** A packet that is not there has no address. */
    private static boolean mayBeZero(Pointer pointer) {
        return pointer.isOfPacket()
                || pointer.is(PointerKind.STRUCTURE) && pointer.structure().internal();
    }

    private static Optional<Pointer> nullCheck(Instruction i, Jump jump, Reg left) {
        boolean possible =
                jump.bits() == 64
                        && jump.source() == Source.IMMEDIATE
                        && i.immediate() == 0
                        && (jump.op() == JumpOp.JEQ || jump.op() == JumpOp.JNE);
        return possible && left instanceof Pointer pointer && pointer.nullable()
                ? Optional.of(pointer)
                : Optional.empty();
    }

    /** All copies of a pointer are null, or none is. */
    private void resolve(State state, Pointer checked, boolean isNull) {
        int id = checked.id();
        if (isNull && checked.reference() != 0 && checked.reference() == id) state.release(id);
        state.replaceAll(
                reg ->
                        reg instanceof Pointer pointer && pointer.nullable() && pointer.id() == id
                                ? isNull ? Scalar.of(0) : whenNotNull.apply(pointer)
                                : reg);
    }
}
