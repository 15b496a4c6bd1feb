package io.jsockmap.bpf.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Order;

import org.junit.jupiter.api.Test;

/** Bounds of whole registers, with a number that they allow: no operation loses it. */
class RandomBoundsTest {
    private static final long SEED = Long.getLong("domain.seed", System.nanoTime());
    private static final int ROUNDS = 20_000 * Integer.getInteger("random.factor", 1);
    private static final AluOp[] OPERATIONS = AluOp.values();
    private static final JumpOp[] CONDITIONS = JumpOp.values();
    private static final Order[] ORDERS = Order.values();

    private final RandomBounds random = new RandomBounds(SEED);

    @Test
    void anOperationKeepsTheResult() {
        for (int round = 0; round < ROUNDS; round++) {
            long x = random.number();
            long y = random.number();
            Bounds a = random.around(x);
            Bounds b = random.around(y);
            AluOp op = OPERATIONS[random.below(OPERATIONS.length)];
            int bits = random.below(3) == 0 ? 32 : 64;
            Bounds result = a.alu(op, bits, b);
            long expected = Concrete.alu(op, bits, x, y);
            if (!result.contains(expected) || !isSettled(result)) {
                lost("%s%d (%s) (%s): %x %x in (%s)", op, bits, a, b, x, y, result);
            }
        }
    }

    @Test
    void cutsAndExtensionsKeepTheNumber() {
        for (int round = 0; round < ROUNDS / 3; round++) {
            long x = random.number();
            Bounds a = random.around(x);
            int bytes = 1 << random.below(4);
            int from = 8 << random.below(3);
            int bits = 32 << random.below(2);
            int width = 16 << random.below(3);
            Order order = ORDERS[random.below(ORDERS.length)];
            keeps(a, a.truncate(bytes), Concrete.truncate(x, bytes));
            keeps(a, a.signExtend(from, bits), Concrete.signExtend(x, from, bits));
            keeps(a, a.swap(order, width), Concrete.swap(x, order, width));
        }
    }

    private static void keeps(Bounds before, Bounds after, long number) {
        if (!after.contains(number) || !isSettled(after)) {
            lost("(%s): %x in (%s)", before, number, after);
        }
    }

    @Test
    void comparisonsNeverContradictAPairAndTheirEdgesKeepIt() {
        for (int round = 0; round < ROUNDS; round++) {
            long x = random.number();
            long y = random.below(4) == 0 ? x : random.number();
            Bounds a = random.around(x);
            Bounds b = random.around(y);
            JumpOp op = CONDITIONS[random.below(CONDITIONS.length)];
            int bits = random.below(2) == 0 ? 32 : 64;
            boolean holds = Concrete.holds(op, bits, x, y);
            if (a.compare(op, bits, b) == (holds ? Branch.NEVER : Branch.ALWAYS)) {
                lost("(%s) %s%d (%s): %x %x", a, op, bits, b, x, y);
            }
            Refined edge = a.refine(op, holds, bits, b).orElseThrow();
            keeps(a, edge.left(), x);
            keeps(b, edge.right(), y);
            assertThat(a.includes(edge.left())).isTrue();
            assertThat(b.includes(edge.right())).isTrue();
        }
    }

    @Test
    void anEdgeThatIsNeverTakenIsNoEdge() {
        for (int round = 0; round < ROUNDS; round++) {
            Bounds a = random.around(random.number());
            Bounds b = random.around(random.number());
            JumpOp op = CONDITIONS[random.below(CONDITIONS.length)];
            int bits = random.below(2) == 0 ? 32 : 64;
            Branch branch = a.compare(op, bits, b);
            if (branch != Branch.MAYBE
                    && a.refine(op, branch == Branch.NEVER, bits, b).isPresent()) {
                lost("(%s) %s%d (%s) is %s", a, op, bits, b, branch);
            }
        }
    }

    @Test
    void aUnionAllowsBothAndAnIntersectionWhatBothAllow() {
        for (int round = 0; round < ROUNDS / 3; round++) {
            long x = random.number();
            Bounds a = random.around(x);
            Bounds b = random.around(x);
            Bounds other = random.around(random.number());
            assertThat(a.union(other).includes(a)).isTrue();
            assertThat(a.union(other).includes(other)).isTrue();
            Bounds both = a.intersect(b).orElseThrow();
            keeps(a, both, x);
            assertThat(a.includes(both) && b.includes(both)).isTrue();
        }
    }

    @Test
    void morePreciseOperandsNeverGiveALessPreciseSum() {
        for (int round = 0; round < ROUNDS / 3; round++) {
            long x = random.number();
            Bounds a = random.around(x);
            Bounds narrower = a.intersect(random.around(x)).orElseThrow();
            Bounds b = random.around(random.number());
            Bounds sum = a.alu(AluOp.ADD, 64, b);
            Bounds narrowerSum = narrower.alu(AluOp.ADD, 64, b);
            if (!sum.includes(narrowerSum)) {
                lost("(%s) + (%s): (%s), (%s): (%s)", a, b, sum, narrower, narrowerSum);
            }
        }
    }

    /** Nothing more to deduce. */
    private static boolean isSettled(Bounds bounds) {
        return Bounds.certain(bounds.bits(), bounds.whole(), bounds.half()).equals(bounds);
    }

    private static void lost(String format, Object... arguments) {
        fail("seed " + SEED + ": " + format.formatted(arguments));
    }
}
