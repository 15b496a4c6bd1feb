package io.jsockmap.bpf.verifier.state;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.verifier.domain.Bounds;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A number.
 *
 * <p>Two states that differ in a number are alike as long as nothing depends on it. So each number
 * remembers the numbers it was made of, and when a decision hangs on it, it and all of those are
 * marked precise. A number of which nothing is known, not even that it moves with another, was made
 * of nothing: whatever hangs on it hangs on no fact.
 */
public final class Scalar implements Reg {
    private static final Object NOTHING = new Object[0];

    private final Bounds bounds;
    private final int id;
    private final long distance;
    private final int shift;
    private boolean precise;

    /** What it was made of: a Scalar, or an array of them. */
    private Object sources;

    /** Numbers for which it stands; null if there are none. */
    private List<Scalar> followers;

    private Scalar(Bounds bounds, int id, int shift, long distance, Object sources) {
        this.bounds = bounds;
        this.id = id;
        this.shift = shift;
        this.distance = distance;
        this.sources = bounds.isUnknown() && id == 0 ? NOTHING : sources;
    }

    /** A number of which that is known, by itself. */
    public static Scalar of(Bounds bounds) {
        return new Scalar(bounds, 0, 0, 0, NOTHING);
    }

    /** A constant. */
    public static Scalar of(long constant) {
        return of(Bounds.of(constant));
    }

    /** Any number. */
    public static Scalar unknown() {
        return of(Bounds.UNKNOWN);
    }

    /** A number made of another. */
    public static Scalar from(Bounds bounds, Scalar source) {
        return new Scalar(bounds, 0, 0, 0, source);
    }

    /** A number made of two others. */
    public static Scalar from(Bounds bounds, Scalar left, Scalar right) {
        return new Scalar(bounds, 0, 0, 0, new Scalar[] {left, right});
    }

    /** The same number, of which more is known by comparison with another. */
    public Scalar refined(Bounds more, Scalar other) {
        return new Scalar(more, id, shift, distance, new Scalar[] {this, other});
    }

    /** The same number, as part of a set of numbers that move together; 0 for none. */
    public Scalar linked(int id) {
        return new Scalar(bounds, id, 0, 0, this);
    }

    /**
     * The sum of a number of a set and a constant, which stays in the set.
     *
     * @param bits on how many bits they were added, 32 or 64
     * @param by the constant, which may hang on something too
     */
    public Scalar shifted(Bounds sum, long distance, int bits, Scalar by) {
        return new Scalar(sum, id, bits, distance, new Scalar[] {this, by});
    }

    /** What is known of this number once another of its set is known better. */
    public Scalar following(Scalar other) {
        // Sums on 32 and on 64 bits have no constant distance.
        if (shift != 0 && other.shift != 0 && shift != other.shift) return this;
        long step = distance - other.distance;
        var sum = step == 0 ? other.bounds : other.bounds.alu(AluOp.ADD, 64, Bounds.of(step));
        if (step != 0 && (shift == 32 || other.shift == 32)) sum = sum.low32();
        var more = bounds.intersect(sum).orElse(sum);
        return new Scalar(more, id, shift, distance, new Scalar[] {this, other});
    }

    /**
     * The same number in a state of its own: what depends on it from here on marks this one, and
     * through it the one before, but not the other way round.
     */
    public Scalar separate() {
        return new Scalar(bounds, id, shift, distance, this);
    }

    /** What is known of it. */
    public Bounds bounds() {
        return bounds;
    }

    @Override
    public int id() {
        return id;
    }

    /** Whether it is another number of its set plus a constant. */
    public boolean isShifted() {
        return shift != 0;
    }

    /** On how many bits that constant was added, or 0. */
    public int shift() {
        return shift;
    }

    /** That constant. */
    public long distance() {
        return distance;
    }

    /** Whether a decision hung on it. */
    public boolean isPrecise() {
        return precise;
    }

    public boolean isConstant() {
        return bounds.isConstant();
    }

    /** A decision hangs on this number, and so on all that it was made of. */
    public void markPrecise() {
        if (precise) return;
        Deque<Scalar> open = new ArrayDeque<>(List.of(this));
        while (!open.isEmpty()) {
            var scalar = open.pop();
            if (scalar.precise) continue;
            scalar.precise = true;
            push(scalar.sources, open);
            scalar.sources = NOTHING;
            if (scalar.followers != null) open.addAll(scalar.followers);
            scalar.followers = null;
        }
    }

    private static void push(Object sources, Deque<Scalar> open) {
        if (sources instanceof Scalar one) {
            open.push(one);
        } else if (sources instanceof Scalar[] many) {
            for (var one : many) open.push(one);
        }
    }

    /** From now on the other is precise if this one is. */
    public void requires(Scalar other) {
        if (precise) {
            other.markPrecise();
            return;
        }
        if (other.precise) return;
        if (followers == null) followers = new ArrayList<>();
        followers.add(other);
    }

    @Override
    public String toString() {
        return isConstant() ? bounds.toString() : "scalar(" + bounds + ")";
    }
}
