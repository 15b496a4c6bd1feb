package io.jsockmap.bpf.verifier.domain;

import java.util.Optional;

/** Lets bits, 64-bit and 32-bit ranges narrow one another until nothing changes. */
final class Deduction {

    private static final long HIGH = 0xffffffffL << 32;

    private Deduction() {}

    /** What is left; empty if the parts contradict each other, so that there is no such number. */
    @SuppressWarnings("ReferenceEquality") // What narrows nothing returns the same object.
    static Optional<Bounds> settle(Tnum bits, Span wide, Span low) {
        if (bits.isConstant()) return constant(bits.value(), wide, low);
        Tnum known = bits;
        Span whole = wide;
        Span half = low;
        while (true) {
            Span nextHalf = half.meet(known).meetCut(whole).agreed();
            Span nextWhole = whole.meet(known).meetLow(nextHalf).agreed();
            if (nextHalf.isEmpty() || nextWhole.isEmpty()) {
                return Optional.empty();
            }
            Tnum shared = Tnum.range(nextWhole.umin(), nextWhole.umax());
            Tnum sharedLow = sharedLow(nextHalf);
            if (!known.overlaps(shared)) {
                return Optional.empty();
            }
            Tnum next = known.intersect(shared);
            if (!next.overlaps(sharedLow)) {
                return Optional.empty();
            }
            next = next.intersect(sharedLow);
            long least = next.atLeast(nextWhole.umin());
            long most = next.atMost(nextWhole.umax());
            if (Long.compareUnsigned(least, nextWhole.umin()) < 0
                    || Long.compareUnsigned(least, most) > 0) {
                return Optional.empty();
            }
            if (least == most && !next.isConstant()) {
                next = Tnum.constant(least);
            }
            if (next == known && nextWhole == whole && nextHalf == half) {
                return Optional.of(Bounds.settled(known, whole, half));
            }
            known = next;
            whole = nextWhole;
            half = nextHalf;
        }
    }

    /** One number is in all ranges or it is not: there is nothing to narrow. */
    private static Optional<Bounds> constant(long number, Span wide, Span low) {
        boolean possible = wide.contains(number) && low.contains(number);
        return possible ? Optional.of(Bounds.of(number)) : Optional.empty();
    }

    private static Tnum sharedLow(Span half) {
        long unknown = Tnum.below(half.umin() ^ half.umax()) | HIGH;
        return new Tnum(half.umin() & ~unknown, unknown);
    }
}
