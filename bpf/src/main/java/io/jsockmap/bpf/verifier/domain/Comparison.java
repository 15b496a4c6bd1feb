package io.jsockmap.bpf.verifier.domain;

import io.jsockmap.bpf.insn.JumpOp;

/** Whether a condition holds for all, none, or some of the numbers two sides allow. */
final class Comparison {

    private Comparison() {}

    static Branch compare(JumpOp op, int bits, Bounds left, Bounds right) {
        Span a = bits == 64 ? left.whole() : left.half();
        Span b = bits == 64 ? right.whole() : right.half();
        return switch (op) {
            case JEQ -> equal(bits, left, right);
            case JNE -> opposite(equal(bits, left, right));
            case JSET -> common(bits, left, right);
            case JGT -> unsignedLess(b, a);
            case JGE -> opposite(unsignedLess(a, b));
            case JLT -> unsignedLess(a, b);
            case JLE -> opposite(unsignedLess(b, a));
            case JSGT -> signedLess(b, a);
            case JSGE -> opposite(signedLess(a, b));
            case JSLT -> signedLess(a, b);
            case JSLE -> opposite(signedLess(b, a));
        };
    }

    private static Branch opposite(Branch branch) {
        return switch (branch) {
            case ALWAYS -> Branch.NEVER;
            case NEVER -> Branch.ALWAYS;
            case MAYBE -> Branch.MAYBE;
        };
    }

    /** Numbers whose low halves differ are different too. */
    private static Branch equal(int bits, Bounds left, Bounds right) {
        Tnum a = bits == 64 ? left.bits() : left.bits().low32();
        Tnum b = bits == 64 ? right.bits() : right.bits().low32();
        if (a.isConstant() && b.isConstant()) {
            return a.value() == b.value() ? Branch.ALWAYS : Branch.NEVER;
        }
        boolean possible =
                a.overlaps(b)
                        && left.half().overlaps(right.half())
                        && (bits == 32 || left.whole().overlaps(right.whole()));
        return possible ? Branch.MAYBE : Branch.NEVER;
    }

    private static Branch common(int bits, Bounds left, Bounds right) {
        Tnum and = left.bits().and(right.bits());
        Tnum common = bits == 64 ? and : and.low32();
        if (common.value() != 0) {
            return Branch.ALWAYS;
        }
        return common.mask() == 0 ? Branch.NEVER : Branch.MAYBE;
    }

    private static Branch unsignedLess(Span a, Span b) {
        if (Long.compareUnsigned(a.umax(), b.umin()) < 0) {
            return Branch.ALWAYS;
        }
        return Long.compareUnsigned(a.umin(), b.umax()) >= 0 ? Branch.NEVER : Branch.MAYBE;
    }

    private static Branch signedLess(Span a, Span b) {
        if (a.smax() < b.smin()) {
            return Branch.ALWAYS;
        }
        return a.smin() >= b.smax() ? Branch.NEVER : Branch.MAYBE;
    }
}
