package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.verifier.domain.Bounds;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;

/** What arithmetic may do with pointers: little but to move them by numbers that are known well. */
final class PointerArithmetic {
    private final Walk walk;

    PointerArithmetic(Walk walk) {
        this.walk = walk;
    }

    Reg apply(Instruction i, Alu alu, Reg left, Reg right) {
        if (left instanceof Pointer && right instanceof Pointer) return twoPointers(i, alu);
        // A decision hangs on each number that is added to a pointer: whether it stays inside.
        Walk.markPrecise(left);
        Walk.markPrecise(right);
        if (left instanceof Pointer pointer) {
            return move(i, alu, pointer, ((Scalar) right).bounds(), false);
        }
        return move(i, alu, (Pointer) right, ((Scalar) left).bounds(), true);
    }

    private Reg twoPointers(Instruction i, Alu alu) {
        if (alu.op() == AluOp.SUB && walk.mayLeakPointers()) return Scalar.unknown();
        throw refused(
                Rule.POINTER_ARITHMETIC,
                i.dst(),
                "R%d pointer %s pointer prohibited",
                i.dst(),
                alu.op().symbol());
    }

    private Reg move(Instruction i, Alu alu, Pointer pointer, Bounds by, boolean reversed) {
        int register = i.dst();
        if (alu.bits() == 32) {
            if (alu.op() == AluOp.SUB && walk.mayLeakPointers()) return Scalar.unknown();
            throw refused(
                    Rule.POINTER_ARITHMETIC,
                    register,
                    "R%d 32-bit pointer arithmetic prohibited",
                    register);
        }
        checkKind(register, pointer, alu, by);
        checkNumber(pointer, by);
        checkOffset(pointer);
        var moved =
                switch (alu.op()) {
                    case ADD -> add(pointer, by);
                    case SUB -> subtract(register, pointer, by, reversed);
                    case AND, OR, XOR ->
                            throw refused(
                                    Rule.POINTER_ARITHMETIC,
                                    register,
                                    "R%d bitwise operator %s on pointer prohibited",
                                    register,
                                    alu.op().symbol());
                    default ->
                            throw refused(
                                    Rule.POINTER_ARITHMETIC,
                                    register,
                                    "R%d pointer arithmetic with %s operator prohibited",
                                    register,
                                    alu.op().symbol());
                };
        checkNumber(moved, moved.variable());
        checkOffset(moved);
        return moved;
    }

    private void checkKind(int register, Pointer pointer, Alu alu, Bounds by) {
        if (pointer.nullable()) {
            throw refused(
                    Rule.NULL_POINTER,
                    register,
                    "R%d pointer arithmetic on %s prohibited, null-check it first",
                    register,
                    pointer.word());
        }
        boolean stays = alu.op() == AluOp.ADD && by.isConstant() && by.constant() == 0;
        boolean fixed =
                switch (pointer.kind()) {
                    case MAP -> !stays;
                    case PACKET_END -> true;
                    case STRUCTURE -> !pointer.structure().internal();
                    default -> false;
                };
        if (!fixed) return;
        throw refused(
                Rule.POINTER_ARITHMETIC,
                register,
                "R%d pointer arithmetic on %s prohibited",
                register,
                pointer.word());
    }

    private Pointer add(Pointer pointer, Bounds by) {
        if (by.isConstant() && fits(pointer.offset() + by.constant())) {
            return step(pointer, by.constant());
        }
        var moved = pointer.moved(AluOp.ADD, by);
        return pointer.is(PointerKind.PACKET) ? moved.withId(walk.newId()).withRange(0) : moved;
    }

    private Pointer subtract(int register, Pointer pointer, Bounds by, boolean reversed) {
        if (reversed) {
            throw refused(
                    Rule.POINTER_ARITHMETIC,
                    register,
                    "R%d tried to subtract pointer from scalar",
                    register);
        }
        if (pointer.is(PointerKind.STACK)) {
            throw refused(
                    Rule.POINTER_ARITHMETIC,
                    register,
                    "R%d subtraction from stack pointer prohibited",
                    register);
        }
        if (by.isConstant() && fits(pointer.offset() - by.constant())) {
            return step(pointer, -by.constant());
        }
        var moved = pointer.moved(AluOp.SUB, by);
        if (!pointer.is(PointerKind.PACKET)) return moved;
        var other = moved.withId(walk.newId());
        return by.smin() < 0 ? other.withRange(0) : other;
    }

    /**
     * That a pointer was found to be at the end of the packet, or beyond, is of that place only.
     */
    private static Pointer step(Pointer pointer, long bytes) {
        var moved = pointer.moved((int) bytes);
        return moved.range() < 0 ? moved.withRange(0) : moved;
    }

    private static boolean fits(long offset) {
        return offset == (int) offset;
    }

    private void checkNumber(Pointer pointer, Bounds by) {
        if (by.isConstant()) {
            long value = by.constant();
            if (value < MemoryBounds.MAX_OFFSET && value > -MemoryBounds.MAX_OFFSET) return;
            throw insane("math between %s pointer and %d is not allowed", pointer, value);
        }
        if (by.smin() == Long.MIN_VALUE) {
            throw insane(
                    "math between %s pointer and register with unbounded min value is not allowed",
                    pointer);
        }
        if (by.smin() >= MemoryBounds.MAX_OFFSET || by.smin() <= -MemoryBounds.MAX_OFFSET) {
            throw insane("value %2$d makes %1$s pointer be out of bounds", pointer, by.smin());
        }
    }

    private void checkOffset(Pointer pointer) {
        int offset = pointer.offset();
        if (offset < MemoryBounds.MAX_OFFSET && offset > -MemoryBounds.MAX_OFFSET) return;
        throw insane("%s pointer offset %d is not allowed", pointer, offset);
    }

    private Refused insane(String format, Pointer pointer, Object... more) {
        var values = new Object[more.length + 1];
        values[0] = pointer.word();
        System.arraycopy(more, 0, values, 1, more.length);
        return walk.refused(Rule.POINTER_OFFSET, Errno.EINVAL, format, values);
    }

    private Refused refused(Rule rule, int register, String format, Object... values) {
        return walk.refused(rule, Errno.EACCES, register, format, values);
    }
}
