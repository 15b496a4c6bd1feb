package io.jsockmap.bpf.verifier.domain;

/** The low bits of a number, widened again. */
final class Cut {

    private Cut() {}

    static Bounds zeroExtended(Bounds number, int from) {
        Span low = low(number, from);
        return Bounds.certain(
                number.bits().truncate(from / 8),
                Span.ALL64.meetUnsigned(low.umin(), low.umax()),
                from == 32 ? low : Span.ALL32);
    }

    static Bounds signExtended(Bounds number, int from) {
        Span low = low(number, from);
        return Bounds.certain(
                number.bits().signExtend(from),
                Span.ALL64.meetSigned(low.smin(), low.smax()),
                from == 32 ? low : Span.ALL32);
    }

    private static Span low(Bounds number, int from) {
        if (from == 32) {
            return number.half();
        }
        return Span.all(from)
                .meet(number.bits())
                .meetCut(number.whole())
                .meetCut(number.half())
                .agreed();
    }
}
