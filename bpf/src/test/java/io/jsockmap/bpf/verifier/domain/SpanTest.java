package io.jsockmap.bpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.AluOp;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Numbers of four and of eight bits, where all ranges can be tried: rules are the same for all
 * widths.
 */
class SpanTest {
    private static final Set<AluOp> OPERATIONS =
            EnumSet.complementOf(EnumSet.of(AluOp.NEG, AluOp.MOV));

    @Test
    void everyPairOfFourBitRangesKeepsEveryResult() {
        List<Span> spans = spans(4);
        for (AluOp op : OPERATIONS) {
            long[][] results = results(op, 4);
            for (Span a : spans) {
                for (Span b : spans) {
                    keepsResults(op, a, b, results);
                }
            }
        }
    }

    private static void keepsResults(AluOp op, Span a, Span b, long[][] results) {
        Span result = Arithmetic.span(op, a, b, Tnum.UNKNOWN, Tnum.UNKNOWN);
        for (int x = 0; x < 16; x++) {
            for (int y = 0; y < 16; y++) {
                if (contains(a, x) && contains(b, y) && !contains(result, results[x][y])) {
                    assertThat(result).as("%s %s %s: %d %d", a, op, b, x, y).isNull();
                }
            }
        }
    }

    /** From every fifth number on, and those around the ends of both kinds of ranges. */
    @Test
    void eightBitRangesWithAnyConstantKeepEveryResult() {
        for (AluOp op : OPERATIONS) {
            long[][] results = results(op, 8);
            for (int operand = 0; operand < 256; operand += operand % 124 < 4 ? 1 : 60) {
                Span constant = Span.constant(8, operand);
                for (int from = 0; from < 256; from += from % 125 < 6 ? 1 : 5) {
                    Span unsigned = Span.constant(8, results[from][operand]);
                    Span signed = Span.constant(8, results[(from + 128) & 255][operand]);
                    for (int to = from; to < 256; to++) {
                        unsigned = unsigned.hull(Span.constant(8, results[to][operand]));
                        signed = signed.hull(Span.constant(8, results[(to + 128) & 255][operand]));
                        holds(op, Span.all(8).meetUnsigned(from, to).agreed(), constant, unsigned);
                        holds(
                                op,
                                Span.all(8).meetSigned(from - 128, to - 128).agreed(),
                                constant,
                                signed);
                    }
                }
            }
        }
    }

    private static void holds(AluOp op, Span a, Span b, Span results) {
        Tnum known = Tnum.constant(b.umin());
        Span result = Arithmetic.span(op, a, b, known, Tnum.UNKNOWN);
        if (!result.meet(results).equals(results)) {
            assertThat(result).as("%s %s %s", a, op, b).isEqualTo(results);
        }
    }

    @Test
    void aSumIsAsCloseAsTheRangesCanTell() {
        List<Span> unsigned = new ArrayList<>();
        for (int from = 0; from < 16; from++) {
            for (int to = from; to < 16; to++) {
                unsigned.add(Span.all(4).meetUnsigned(from, to).agreed());
            }
        }
        for (AluOp op : List.of(AluOp.ADD, AluOp.SUB)) {
            long[][] results = results(op, 4);
            for (Span a : unsigned) {
                for (Span b : unsigned) {
                    Span result = Arithmetic.span(op, a, b, Tnum.UNKNOWN, Tnum.UNKNOWN).agreed();
                    assertThat(result).isEqualTo(hull(a, b, results));
                }
            }
        }
    }

    private static Span hull(Span a, Span b, long[][] results) {
        Span hull = Span.constant(4, results[(int) a.umin()][(int) b.umin()]);
        for (int x = 0; x < 16; x++) {
            for (int y = 0; y < 16; y++) {
                if (contains(a, x) && contains(b, y)) {
                    hull = hull.hull(Span.constant(4, results[x][y]));
                }
            }
        }
        return hull;
    }

    @Test
    void agreementLeavesExactlyTheNumbersInBothRanges() {
        for (int sfrom = -8; sfrom < 8; sfrom++) {
            for (int sto = sfrom; sto < 8; sto++) {
                for (int from = 0; from < 16; from++) {
                    for (int to = from; to < 16; to++) {
                        Span both = Span.all(4).meetSigned(sfrom, sto).meetUnsigned(from, to);
                        assertThat(both.agreed().isEmpty() ? List.of() : List.of(both.agreed()))
                                .isEqualTo(members(both));
                    }
                }
            }
        }
    }

    private static List<Span> members(Span span) {
        List<Span> hull = new ArrayList<>();
        for (int x = 0; x < 16; x++) {
            if (contains(span, x)) {
                Span one = Span.constant(4, x);
                hull = List.of(hull.isEmpty() ? one : hull.getFirst().hull(one));
            }
        }
        return hull;
    }

    private static boolean contains(Span span, long number) {
        long signed = Span.signed(span.bits(), number);
        return span.umin() <= number
                && number <= span.umax()
                && span.smin() <= signed
                && signed <= span.smax();
    }

    /** Every signed and every unsigned range, and the unsigned cut by a signed one. */
    private static List<Span> spans(int bits) {
        List<Span> spans = new ArrayList<>();
        int half = 1 << (bits - 1);
        for (int from = 0; from < 2 * half; from++) {
            for (int to = from; to < 2 * half; to++) {
                spans.add(Span.all(bits).meetUnsigned(from, to).agreed());
                spans.add(Span.all(bits).meetSigned(from - half, to - half).agreed());
                spans.add(
                        Span.all(bits)
                                .meetUnsigned(from, to)
                                .meetSigned(1 - half, half - 3)
                                .agreed());
            }
        }
        return spans.stream().filter(span -> !span.isEmpty()).distinct().toList();
    }

    /** The machine's results, by both operands, in so few bits. */
    private static long[][] results(AluOp op, int bits) {
        int count = 1 << bits;
        long[][] results = new long[count][count];
        for (int x = 0; x < count; x++) {
            for (int y = 0; y < count; y++) {
                results[x][y] = Span.unsigned(bits, result(op, bits, x, y));
            }
        }
        return results;
    }

    private static long result(AluOp op, int bits, long x, long y) {
        return switch (op) {
            case LSH, RSH -> op.apply(x, y & (bits - 1));
            case ARSH -> op.apply(Span.signed(bits, x), y & (bits - 1));
            case SDIV, SMOD -> op.apply(Span.signed(bits, x), Span.signed(bits, y));
            default -> op.apply(x, y);
        };
    }
}
