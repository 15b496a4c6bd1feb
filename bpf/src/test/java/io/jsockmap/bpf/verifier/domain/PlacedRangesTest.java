package io.jsockmap.bpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Order;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;

/** Short ranges where numbers change sign, wrap, or carry into the upper half: brute force. */
class PlacedRangesTest {
    private static final long[] PLACES = {
        0,
        0x7f,
        0x7fff,
        0x7fffffffL,
        0xffffffffL,
        0x7fffffff_ffffffffL,
        -1,
        -0x80000000L,
        0x5_00000020L
    };

    /** A stretch of numbers and what is known of it. */
    private record Range(long from, long to, Bounds bounds) {}

    private static final List<Range> SHORT = placed(4);

    @Test
    void everyOperationKeepsEveryResult() {
        for (AluOp op : AluOp.values()) {
            for (Range a : SHORT) {
                for (Range b : SHORT) {
                    keepsResults(op, 64, a, b);
                    keepsResults(op, 32, a, b);
                }
            }
        }
    }

    private static void keepsResults(AluOp op, int bits, Range a, Range b) {
        Bounds result = a.bounds.alu(op, bits, b.bounds);
        for (long x = a.from; x != a.to + 1; x++) {
            for (long y = b.from; y != b.to + 1; y++) {
                if (!result.contains(Concrete.alu(op, bits, x, y))) {
                    fail("%s %s%d %s: %x %x not in %s", a, op, bits, b, x, y, result);
                }
            }
        }
    }

    @Test
    void comparisonsAndTheirEdgesKeepEveryPair() {
        for (JumpOp op : JumpOp.values()) {
            for (Range a : SHORT) {
                for (Range b : SHORT) {
                    keepsPairs(op, 64, a, b);
                    keepsPairs(op, 32, a, b);
                }
            }
        }
    }

    private static void keepsPairs(JumpOp op, int bits, Range a, Range b) {
        Branch branch = a.bounds.compare(op, bits, b.bounds);
        var taken = a.bounds.refine(op, true, bits, b.bounds);
        var notTaken = a.bounds.refine(op, false, bits, b.bounds);
        for (long x = a.from; x != a.to + 1; x++) {
            for (long y = b.from; y != b.to + 1; y++) {
                boolean holds = Concrete.holds(op, bits, x, y);
                var edge = holds ? taken : notTaken;
                if (branch == (holds ? Branch.NEVER : Branch.ALWAYS)
                        || edge.isEmpty()
                        || !edge.get().left().contains(x)
                        || !edge.get().right().contains(y)) {
                    fail("%s %s%d %s: %x %x: %s %s", a, op, bits, b, x, y, branch, edge);
                }
            }
        }
    }

    @Test
    void orderIsDecidedExactlyWhereTheRangesDecideIt() {
        for (JumpOp op : JumpOp.values()) {
            for (Range a : SHORT) {
                for (Range b : SHORT) {
                    if (op != JumpOp.JSET && !wraps(a) && !wraps(b)) {
                        assertThat(a.bounds.compare(op, 64, b.bounds)).isEqualTo(truth(op, a, b));
                    }
                }
            }
        }
    }

    private static boolean wraps(Range range) {
        return range.from > range.to || Long.compareUnsigned(range.from, range.to) > 0;
    }

    private static Branch truth(JumpOp op, Range a, Range b) {
        boolean some = false;
        boolean all = true;
        for (long x = a.from; x != a.to + 1; x++) {
            for (long y = b.from; y != b.to + 1; y++) {
                boolean holds = op.holds(x, y);
                some |= holds;
                all &= holds;
            }
        }
        return all ? Branch.ALWAYS : some ? Branch.MAYBE : Branch.NEVER;
    }

    @Test
    void cutsAndExtensionsKeepEveryNumberOfEightBitRanges() {
        List<Range> ranges = new ArrayList<>(placed(48));
        addPlaced(ranges, 0x7f, 256);
        for (int bytes : new int[] {1, 2, 4, 8}) {
            keepsNumbers(ranges, a -> a.truncate(bytes), x -> Concrete.truncate(x, bytes));
        }
        for (int from : new int[] {8, 16, 32}) {
            keepsNumbers(
                    ranges, a -> a.signExtend(from, 64), x -> Concrete.signExtend(x, from, 64));
            keepsNumbers(
                    ranges, a -> a.signExtend(from, 32), x -> Concrete.signExtend(x, from, 32));
        }
        for (int width : new int[] {16, 32, 64}) {
            for (Order order : Order.values()) {
                keepsNumbers(
                        ranges, a -> a.swap(order, width), x -> Concrete.swap(x, order, width));
            }
        }
    }

    /**
     * For one start all ends are tried; the longest range's numbers stand for those of the rest.
     */
    private static void keepsNumbers(
            List<Range> ranges, UnaryOperator<Bounds> operation, LongUnaryOperator concrete) {
        for (Range range : ranges) {
            Bounds result = operation.apply(range.bounds);
            long step = Math.max(1, (range.to - range.from) / 8);
            for (long x = range.from; x - range.from <= range.to - range.from; x += step) {
                if (!result.contains(concrete.applyAsLong(x))) {
                    fail("%s: %x not in %s", range, x, result);
                }
            }
            if (!result.contains(concrete.applyAsLong(range.to))) {
                fail("%s: %x not in %s", range, range.to, result);
            }
        }
    }

    /** All stretches of the given width around each place. */
    private static List<Range> placed(int width) {
        List<Range> ranges = new ArrayList<>();
        for (long place : PLACES) {
            addPlaced(ranges, place, width);
        }
        return ranges;
    }

    private static void addPlaced(List<Range> ranges, long place, int width) {
        for (long from = place - width / 2 + 1; from != place + width / 2 + 1; from++) {
            for (long to = from; to != place + width / 2 + 1; to++) {
                ranges.add(new Range(from, to, bounds(from, to)));
            }
        }
    }

    /** A stretch over a wrap is a range only in the other order. */
    private static Bounds bounds(long from, long to) {
        return Long.compareUnsigned(from, to) <= 0
                ? from <= to && (to & 1) == 0 ? Bounds.signed(from, to) : Bounds.unsigned(from, to)
                : Bounds.signed(from, to);
    }
}
