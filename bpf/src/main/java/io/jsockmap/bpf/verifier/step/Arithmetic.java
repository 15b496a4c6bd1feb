package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.verifier.domain.Bounds;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;

/** Arithmetic on numbers; what it does with pointers is {@link PointerArithmetic}'s. */
public final class Arithmetic {
    private final Walk walk;
    private final PointerArithmetic pointers;

    public Arithmetic(Walk walk) {
        this.walk = walk;
        pointers = new PointerArithmetic(walk);
    }

    /** {@code dst = dst op operand}. */
    public void alu(Instruction i, Alu alu) {
        switch (alu.op()) {
            case MOV -> move(i, alu);
            case NEG -> unary(i, bounds -> bounds.alu(AluOp.NEG, alu.bits(), bounds));
            default -> binary(i, alu);
        }
    }

    /** {@code dst = (s8|s16|s32) src}. */
    public void signExtend(Instruction i, SignExtend extension) {
        var source = walk.readable(i.src());
        if (source instanceof Pointer)
            walk.refuseLeak(i.src(), source, "R%d sign-extension part of pointer");
        walk.checkWritable(i.dst());
        if (!(source instanceof Scalar scalar)) {
            walk.write(i.dst(), Scalar.unknown());
            return;
        }
        var bounds = scalar.bounds().signExtend(extension.from(), extension.bits());
        // Nothing changes where the sign is known to be clear.
        boolean same = StackAccess.width(scalar) < extension.from();
        walk.write(i.dst(), same ? copied(i.src(), scalar) : Scalar.from(bounds, scalar));
    }

    /** Byte order. */
    public void swap(Instruction i, Swap swap) {
        unary(i, bounds -> bounds.swap(swap.order(), swap.width()));
    }

    private interface Unary {
        Bounds of(Bounds bounds);
    }

    private void unary(Instruction i, Unary operation) {
        var before = walk.readable(i.dst());
        walk.refuseLeak(i.dst(), before, "R%d pointer arithmetic prohibited");
        var after =
                before instanceof Scalar scalar
                        ? Scalar.from(operation.of(scalar.bounds()), scalar)
                        : Scalar.unknown();
        walk.write(i.dst(), after);
    }

    private void move(Instruction i, Alu alu) {
        if (alu.source() == Source.IMMEDIATE) {
            long value =
                    alu.bits() == 64 ? i.immediate() : Integer.toUnsignedLong((int) i.immediate());
            walk.write(i.dst(), Scalar.of(value));
            return;
        }
        var source = walk.readable(i.src());
        walk.checkWritable(i.dst());
        if (alu.bits() == 64) {
            var moved = source instanceof Scalar scalar ? copied(i.src(), scalar) : source;
            walk.write(i.dst(), moved);
            return;
        }
        walk.refuseLeak(i.src(), source, "R%d partial copy of pointer");
        walk.write(i.dst(), lowHalf(i.src(), source));
    }

    private Reg lowHalf(int register, Reg source) {
        if (!(source instanceof Scalar scalar)) {
            return Scalar.of(Bounds.UNKNOWN.low32());
        }
        if (StackAccess.width(scalar) <= Integer.SIZE) return copied(register, scalar);
        return Scalar.from(scalar.bounds().low32(), scalar);
    }

    /** The same number in another register: both move together from now on. */
    private Scalar copied(int register, Scalar scalar) {
        var linked = walk.identified(scalar);
        walk.state().set(register, linked);
        return linked;
    }

    private void binary(Instruction i, Alu alu) {
        boolean register = alu.source() == Source.REGISTER;
        var right = register ? walk.readable(i.src()) : Scalar.of(i.immediate());
        var left = walk.readable(i.dst());
        if (!register) checkConstant(i, alu);
        walk.checkWritable(i.dst());
        if (left instanceof Scalar a && right instanceof Scalar b) {
            walk.write(i.dst(), numbers(alu, forked(i, alu, a, b), b));
        } else {
            walk.write(i.dst(), pointers.apply(i, alu, left, right));
        }
    }

    /**
     * A mask of a spread sign, all ones or all zeros, is two constants that have no range in
     * common: each has a path of its own.
     */
    private Scalar forked(Instruction i, Alu alu, Scalar sign, Scalar mask) {
        boolean masks = alu.op() == AluOp.AND || alu.op() == AluOp.OR;
        if (!masks || !mask.isConstant()) return sign;
        var known = sign.bounds();
        boolean whole = known.smin() == -1 && known.smax() == 0;
        boolean low =
                known.s32min() == -1
                        && known.s32max() == 0
                        && (alu.bits() == 32 || StackAccess.width(sign) <= Integer.SIZE);
        if (!whole && !low) return sign;
        var other = walk.state().copy();
        other.set(i.dst(), Scalar.from(Bounds.of(0), sign));
        walk.fork(other, walk.slot());
        return Scalar.from(Bounds.of(whole ? -1 : 0xffff_ffffL), sign);
    }

    private Scalar numbers(Alu alu, Scalar a, Scalar b) {
        var bounds = a.bounds().alu(alu.op(), alu.bits(), b.bounds());
        boolean moves = alu.op() == AluOp.ADD || alu.op() == AluOp.SUB;
        boolean constant = alu.bits() == 64 ? b.isConstant() : b.bounds().isConstant32();
        // On 32 bits the sum tells of the upper half only that it is clear: so must be the other's.
        boolean whole = alu.bits() == 64 || StackAccess.width(a) <= Integer.SIZE;
        if (moves && constant && whole && a.id() != 0 && !a.isShifted()) {
            long value = alu.bits() == 64 ? b.bounds().constant() : b.bounds().s32min();
            long distance = alu.op() == AluOp.ADD ? value : -value;
            if (distance == (int) distance) return a.shifted(bounds, distance, alu.bits(), b);
        }
        return Scalar.from(bounds, a, b);
    }

    private void checkConstant(Instruction i, Alu alu) {
        long value = i.immediate();
        switch (alu.op()) {
            case DIV, MOD, SDIV, SMOD -> {
                if (value != 0) return;
                throw walk.refused(Rule.DIVISION_BY_ZERO, Errno.EINVAL, i.dst(), "div by zero");
            }
            case LSH, RSH, ARSH -> {
                if (value >= 0 && value < alu.bits()) return;
                throw walk.refused(
                        Rule.SHIFT_TOO_FAR, Errno.EINVAL, i.dst(), "invalid shift %d", value);
            }
            default -> {}
        }
    }
}
