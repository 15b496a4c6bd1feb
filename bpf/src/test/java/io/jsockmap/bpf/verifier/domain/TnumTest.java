package io.jsockmap.bpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** All tristate numbers of few bits, at the bottom, over the middle and at the top of the 64. */
class TnumTest {
    private static final int[] PLACES = {0, 29, 58};
    private static final List<Tnum> FIVE_BITS = all(5);
    private static final List<Tnum> SIX_BITS = all(6);
    private static final List<Tnum> EIGHT_BITS = all(8);

    @Test
    void sumsAndDifferencesAreAsCloseAsCanBe() {
        isClosest(Tnum::add, (a, b) -> a + b);
        isClosest(Tnum::sub, (a, b) -> a - b);
        isClosest(Tnum::negate, a -> -a);
    }

    @Test
    void bitwiseOperationsAreAsCloseAsCanBe() {
        isClosest(Tnum::and, (a, b) -> a & b);
        isClosest(Tnum::or, (a, b) -> a | b);
        isClosest(Tnum::xor, (a, b) -> a ^ b);
    }

    @Test
    void aProductHasAllProducts() {
        for (int place : PLACES) {
            for (Tnum a : all(5)) {
                for (Tnum b : all(5)) {
                    Tnum moved = a.lsh(place);
                    Tnum closest = closest(moved, b, (x, y) -> x * y);
                    assertThat(moved.mul(b).includes(closest)).as("%s * %s", moved, b).isTrue();
                    assertThat(b.mul(moved).includes(closest)).as("%s * %s", b, moved).isTrue();
                }
            }
        }
    }

    @Test
    void aProductWithAnUnknownKeepsTheTrailingZeros() {
        assertThat(Tnum.UNKNOWN.mul(Tnum.constant(24))).isEqualTo(new Tnum(0, -8));
        assertThat(Tnum.constant(0).mul(Tnum.UNKNOWN)).isEqualTo(Tnum.constant(0));
    }

    @Test
    void aProductWithAPowerOfTwoIsAShift() {
        for (Tnum a : EIGHT_BITS) {
            assertThat(a.mul(Tnum.constant(16))).isEqualTo(a.lsh(4));
            assertThat(Tnum.constant(16).mul(a)).isEqualTo(a.lsh(4));
        }
    }

    @Test
    void shiftsAreAsCloseAsCanBe() {
        for (int shift : new int[] {0, 1, 5, 31, 32, 63}) {
            isClosest(a -> a.lsh(shift), a -> a << shift);
            isClosest(a -> a.rsh(shift), a -> a >>> shift);
            isClosest(a -> a.arsh(shift, 64), a -> a >> shift);
            if (shift < 32) {
                isClosest(a -> a.arsh(shift, 32), a -> Integer.toUnsignedLong((int) a >> shift));
            }
        }
    }

    @Test
    void cutsAreAsCloseAsCanBe() {
        isClosest(a -> a.truncate(1), a -> a & 0xff);
        isClosest(a -> a.truncate(2), a -> a & 0xffff);
        isClosest(Tnum::low32, a -> a & 0xffffffffL);
        isClosest(a -> a.truncate(8), a -> a);
        isClosest(Tnum::high32, a -> a & ~0xffffffffL);
        isClosest(a -> a.signExtend(8), a -> (byte) a);
        isClosest(a -> a.signExtend(16), a -> (short) a);
        isClosest(a -> a.signExtend(32), a -> (int) a);
    }

    @Test
    void bytesInReverseOrderAreAsCloseAsCanBe() {
        isClosest(a -> a.bswap(64), Long::reverseBytes);
        isClosest(a -> a.bswap(32), a -> Integer.toUnsignedLong(Integer.reverseBytes((int) a)));
        isClosest(a -> a.bswap(16), a -> Short.toUnsignedLong(Short.reverseBytes((short) a)));
    }

    @Test
    void aRangeIsAsCloseAsCanBe() {
        for (int place : new int[] {0, 28, 56}) {
            for (long from = 0; from < 256; from++) {
                Closest closest = new Closest();
                for (long to = from; to < 256; to++) {
                    closest.add(to << place);
                    // Numbers between two that are placed high fill the bits below.
                    long low = (1L << place) - 1;
                    Tnum range = Tnum.range(from << place, to << place);
                    assertThat(range.includes(closest.found())).isTrue();
                    assertThat(range.mask() & ~low).isEqualTo(closest.found().mask());
                }
            }
        }
        assertThat(Tnum.range(0, -1)).isEqualTo(Tnum.UNKNOWN);
        assertThat(Tnum.range(Long.MAX_VALUE, Long.MIN_VALUE)).isEqualTo(Tnum.UNKNOWN);
    }

    @Test
    void theMembersOfBothAreTheIntersection() {
        for (Tnum a : FIVE_BITS) {
            for (Tnum b : FIVE_BITS) {
                Closest common = new Closest();
                members(a).filter(b::contains).forEach(common::add);
                assertThat(a.overlaps(b)).isEqualTo(common.any);
                if (common.any) {
                    assertThat(a.intersect(b)).isEqualTo(common.found());
                }
            }
        }
    }

    @Test
    void theUnionIsTheClosestWithAllMembers() {
        for (Tnum a : FIVE_BITS) {
            for (Tnum b : FIVE_BITS) {
                Closest closest = new Closest();
                members(a).forEach(closest::add);
                members(b).forEach(closest::add);
                assertThat(a.union(b)).isEqualTo(closest.found());
            }
        }
    }

    @Test
    void theNextMembersOnBothSidesAreFound() {
        for (Tnum bits : EIGHT_BITS) {
            long next = bits.value();
            for (long limit = bits.value(); limit <= bits.possible(); limit++) {
                if (bits.contains(limit)) {
                    next = limit;
                }
                assertThat(bits.atMost(limit)).isEqualTo(next);
            }
            for (long limit = bits.possible(); limit >= bits.value(); limit--) {
                if (bits.contains(limit)) {
                    next = limit;
                }
                assertThat(bits.atLeast(limit)).isEqualTo(next);
            }
        }
    }

    @Test
    void whereThereIsNoNextMemberANumberOfTheOtherSideTellsSo() {
        for (Tnum bits : EIGHT_BITS) {
            assertThat(bits.atLeast(256)).isLessThan(256);
            assertThat(bits.lsh(4).or(Tnum.constant(4)).atMost(3)).isGreaterThan(3);
        }
    }

    @Test
    void includingMeansThatEveryMemberIsAMember() {
        for (Tnum a : FIVE_BITS) {
            for (Tnum b : FIVE_BITS) {
                assertThat(a.includes(b)).isEqualTo(members(b).allMatch(a::contains));
            }
        }
    }

    @Test
    void alignmentHoldsForEveryMember() {
        for (Tnum a : EIGHT_BITS) {
            for (long size = 1; size <= 16; size *= 2) {
                long unit = size;
                assertThat(a.isAligned(size))
                        .isEqualTo(members(a).allMatch(member -> member % unit == 0));
            }
        }
    }

    @Test
    void itReadsAsInTheLogs() {
        assertThat(new Tnum(0, 0xff)).hasToString("(0x0; 0xff)");
        assertThat(Tnum.UNKNOWN).hasToString("(0x0; 0xffffffffffffffff)");
    }

    private static void isClosest(BinaryOperator<Tnum> operation, LongBinaryOperator concrete) {
        for (int place : PLACES) {
            for (Tnum first : SIX_BITS) {
                Tnum a = first.lsh(place);
                for (Tnum second : place == 0 ? SIX_BITS : all(4)) {
                    Tnum b = second.lsh(place);
                    Tnum closest = closest(a, b, concrete);
                    Tnum result = operation.apply(a, b);
                    if (!result.equals(closest)) {
                        assertThat(result).as("%s and %s", a, b).isEqualTo(closest);
                    }
                }
            }
        }
    }

    private static void isClosest(UnaryOperator<Tnum> operation, LongUnaryOperator concrete) {
        for (int place : new int[] {0, 4, 12, 27, 56}) {
            for (Tnum bits : EIGHT_BITS) {
                Tnum a = bits.lsh(place);
                Closest closest = new Closest();
                members(a).map(concrete).forEach(closest::add);
                assertThat(operation.apply(a)).as("of %s", a).isEqualTo(closest.found());
            }
        }
    }

    private static Tnum closest(Tnum a, Tnum b, LongBinaryOperator concrete) {
        Closest closest = new Closest();
        for (long x = a.mask(); ; x = (x - 1) & a.mask()) {
            for (long y = b.mask(); ; y = (y - 1) & b.mask()) {
                closest.add(concrete.applyAsLong(a.value() | x, b.value() | y));
                if (y == 0) {
                    break;
                }
            }
            if (x == 0) {
                return closest.found();
            }
        }
    }

    private static LongStream members(Tnum tnum) {
        return LongStream.iterate(tnum.mask(), x -> (x - 1) & tnum.mask())
                .limit(1L << Long.bitCount(tnum.mask()))
                .map(x -> x | tnum.value());
    }

    private static List<Tnum> all(int bits) {
        List<Tnum> all = new ArrayList<>();
        for (long mask = 0; mask < 1L << bits; mask++) {
            for (long value = 0; value < 1L << bits; value++) {
                if ((value & mask) == 0) {
                    all.add(new Tnum(value, mask));
                }
            }
        }
        return all;
    }

    /** The bits that the numbers added so far share. */
    private static final class Closest {
        private boolean any;
        private long ones = -1;
        private long possible;

        void add(long number) {
            any = true;
            ones &= number;
            possible |= number;
        }

        Tnum found() {
            return new Tnum(ones, possible & ~ones);
        }
    }
}
