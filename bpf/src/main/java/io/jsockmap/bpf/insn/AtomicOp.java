package io.jsockmap.bpf.insn;

import java.util.function.LongBinaryOperator;

/**
 * Atomic operations of RFC 9669, 5.3, with load-acquire and store-release of later Linux.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="arithmetic"}
 */
public enum AtomicOp {
    ADD(0x00, "+=", Long::sum),
    OR(0x40, "|=", (a, b) -> a | b),
    AND(0x50, "&=", (a, b) -> a & b),
    XOR(0xa0, "^=", (a, b) -> a ^ b),
    FETCH_ADD(0x01, "add", Long::sum),
    FETCH_OR(0x41, "or", (a, b) -> a | b),
    FETCH_AND(0x51, "and", (a, b) -> a & b),
    FETCH_XOR(0xa1, "xor", (a, b) -> a ^ b),
    XCHG(0xe1, "xchg", (_, b) -> b),
    CMPXCHG(0xf1, "cmpxchg", (_, b) -> b),
    LOAD_ACQUIRE(0x100, "load_acquire", (a, _) -> a),
    STORE_RELEASE(0x110, "store_release", (_, b) -> b);

    final int immediate;
    final String symbol;
    private final LongBinaryOperator update;

    AtomicOp(int immediate, String symbol, LongBinaryOperator update) {
        this.immediate = immediate;
        this.symbol = symbol;
        this.update = update;
    }

    /** What memory holds afterwards, given what it held and the operand. */
    public long apply(long memory, long operand) {
        return update.applyAsLong(memory, operand);
    }

    /** Whether the old value of memory goes back to the source register. */
    public boolean fetches() {
        return (immediate & 0x01) != 0 && this != CMPXCHG;
    }

    boolean takesAnySize() {
        return this == LOAD_ACQUIRE || this == STORE_RELEASE;
    }
}
