package io.jsockmap.bpf.verifier.domain;

import io.jsockmap.bpf.insn.JumpOp;

import java.util.Optional;

/** What a branch teaches about the two sides of its condition. */
final class Refinement {

    /** The low half when 32 bits are compared, else the whole. */
    private final int bits;

    private final Span leftBefore;
    private final Span rightBefore;
    private Tnum leftBits;
    private Tnum rightBits;
    private Span left;
    private Span right;

    private Refinement(int bits, Bounds left, Bounds right) {
        this.bits = bits;
        leftBits = left.bits();
        rightBits = right.bits();
        leftBefore = bits == 64 ? left.whole() : left.half();
        rightBefore = bits == 64 ? right.whole() : right.half();
        this.left = leftBefore;
        this.right = rightBefore;
    }

    static Optional<Refined> refine(JumpOp op, boolean taken, int bits, Bounds left, Bounds right) {
        if (bits == 64 && op == (taken ? JumpOp.JEQ : JumpOp.JNE)) {
            return left.intersect(right).map(both -> new Refined(both, both));
        }
        var refinement = new Refinement(bits, left, right);
        if (!refinement.learn(op, taken)) {
            return Optional.empty();
        }
        var a = refinement.settleLeft(left);
        if (a.isEmpty()) return Optional.empty();
        var b = refinement.settleRight(right);
        return b.isEmpty() ? Optional.empty() : Optional.of(new Refined(a.get(), b.get()));
    }

    private Optional<Bounds> settleLeft(Bounds before) {
        return settle(before, leftBits, left, leftBefore);
    }

    private Optional<Bounds> settleRight(Bounds before) {
        return settle(before, rightBits, right, rightBefore);
    }

    @SuppressWarnings("ReferenceEquality") // What narrows nothing returns the same object.
    private Optional<Bounds> settle(Bounds before, Tnum known, Span span, Span spanBefore) {
        if (known == before.bits() && span == spanBefore) return Optional.of(before);
        return bits == 64
                ? Deduction.settle(known, span, before.half())
                : Deduction.settle(known, before.whole(), span);
    }

    /** False if the edge can't be reached. */
    private boolean learn(JumpOp op, boolean taken) {
        return switch (op) {
            case JEQ -> taken ? equal() : different();
            case JNE -> taken ? different() : equal();
            case JSET -> taken ? common() : disjoint();
            case JLT -> taken ? less(false) : lessOrEqual(true);
            case JGE -> taken ? lessOrEqual(true) : less(false);
            case JGT -> taken ? less(true) : lessOrEqual(false);
            case JLE -> taken ? lessOrEqual(false) : less(true);
            case JSLT -> taken ? signedLess(false) : signedLessOrEqual(true);
            case JSGE -> taken ? signedLessOrEqual(true) : signedLess(false);
            case JSGT -> taken ? signedLess(true) : signedLessOrEqual(false);
            case JSLE -> taken ? signedLessOrEqual(false) : signedLess(true);
        };
    }

    private boolean equal() {
        left = left.meet(right);
        right = left;
        Tnum a = compared(leftBits);
        Tnum b = compared(rightBits);
        if (left.isEmpty() || !a.overlaps(b)) {
            return false;
        }
        Tnum both = a.intersect(b);
        leftBits = replaced(leftBits, both);
        rightBits = replaced(rightBits, both);
        return true;
    }

    /** Only an end of a range can be taken off. */
    private boolean different() {
        if (right.isConstant()) {
            left = without(left, right);
        }
        if (left.isConstant()) {
            right = without(right, left);
        }
        return !left.isEmpty() && !right.isEmpty();
    }

    private static Span without(Span span, Span constant) {
        long unsigned = constant.umin();
        long signed = constant.smin();
        if (span.isConstant() && span.umin() == unsigned) {
            return Span.nothing(span.bits());
        }
        return span.meetUnsigned(
                        span.umin() == unsigned ? unsigned + 1 : span.umin(),
                        span.umax() == unsigned ? unsigned - 1 : span.umax())
                .meetSigned(
                        span.smin() == signed ? signed + 1 : span.smin(),
                        span.smax() == signed ? signed - 1 : span.smax());
    }

    /** If one bit alone can be common to both, both have it. */
    private boolean common() {
        long possible = compared(leftBits).possible() & compared(rightBits).possible();
        if (Long.bitCount(possible) == 1) {
            leftBits = leftBits.or(Tnum.constant(possible));
            rightBits = rightBits.or(Tnum.constant(possible));
        }
        return possible != 0;
    }

    private boolean disjoint() {
        long leftOnes = compared(leftBits).value();
        long rightOnes = compared(rightBits).value();
        leftBits = leftBits.and(Tnum.constant(~rightOnes));
        rightBits = rightBits.and(Tnum.constant(~leftOnes));
        return (leftOnes & rightOnes) == 0;
    }

    private boolean less(boolean swapped) {
        Span a = swapped ? right : left;
        Span b = swapped ? left : right;
        if (b.umax() == 0 || a.umin() == Span.all(bits).umax()) {
            return false;
        }
        keep(a.meetUnsigned(0, b.umax() - 1), b.meetUnsigned(a.umin() + 1, b.umax()), swapped);
        return true;
    }

    private boolean lessOrEqual(boolean swapped) {
        Span a = swapped ? right : left;
        Span b = swapped ? left : right;
        keep(a.meetUnsigned(0, b.umax()), b.meetUnsigned(a.umin(), b.umax()), swapped);
        return true;
    }

    private boolean signedLess(boolean swapped) {
        Span a = swapped ? right : left;
        Span b = swapped ? left : right;
        if (b.smax() == Span.all(bits).smin() || a.smin() == Span.all(bits).smax()) {
            return false;
        }
        keep(a.meetSigned(a.smin(), b.smax() - 1), b.meetSigned(a.smin() + 1, b.smax()), swapped);
        return true;
    }

    private boolean signedLessOrEqual(boolean swapped) {
        Span a = swapped ? right : left;
        Span b = swapped ? left : right;
        keep(a.meetSigned(a.smin(), b.smax()), b.meetSigned(a.smin(), b.smax()), swapped);
        return true;
    }

    private void keep(Span a, Span b, boolean swapped) {
        left = swapped ? b : a;
        right = swapped ? a : b;
    }

    private Tnum compared(Tnum whole) {
        return bits == 64 ? whole : whole.low32();
    }

    private Tnum replaced(Tnum whole, Tnum compared) {
        return bits == 64 ? compared : whole.high32().or(compared);
    }
}
