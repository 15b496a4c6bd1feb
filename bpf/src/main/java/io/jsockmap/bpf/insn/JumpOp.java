package io.jsockmap.bpf.insn;

import java.util.Optional;

/**
 * Conditions of RFC 9669, 4.3. A 32-bit jump gives this the sign-extended low halves.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="arithmetic"}
 */
public enum JumpOp {
    JEQ(0x10, "==", (a, b) -> a == b),
    JGT(0x20, ">", (a, b) -> Long.compareUnsigned(a, b) > 0),
    JGE(0x30, ">=", (a, b) -> Long.compareUnsigned(a, b) >= 0),
    JSET(0x40, "&", (a, b) -> (a & b) != 0),
    JNE(0x50, "!=", (a, b) -> a != b),
    JSGT(0x60, "s>", (a, b) -> a > b),
    JSGE(0x70, "s>=", (a, b) -> a >= b),
    JLT(0xa0, "<", (a, b) -> Long.compareUnsigned(a, b) < 0),
    JLE(0xb0, "<=", (a, b) -> Long.compareUnsigned(a, b) <= 0),
    JSLT(0xc0, "s<", (a, b) -> a < b),
    JSLE(0xd0, "s<=", (a, b) -> a <= b);

    final int code;
    final String symbol;
    private final Condition condition;

    JumpOp(int code, String symbol, Condition condition) {
        this.code = code;
        this.symbol = symbol;
        this.condition = condition;
    }

    /** Whether the jump is taken. Sign extension keeps the unsigned order, so 32 bits work too. */
    public boolean holds(long a, long b) {
        return condition.holds(a, b);
    }

    /** Whether it compares as numbers without signs which is greater. */
    public boolean isUnsigned() {
        return switch (this) {
            case JGT, JGE, JLT, JLE -> true;
            case JEQ, JNE, JSET, JSGT, JSGE, JSLT, JSLE -> false;
        };
    }

    /** What holds where it does not; empty for JSET, which has no opposite. */
    public Optional<JumpOp> opposite() {
        return switch (this) {
            case JEQ -> Optional.of(JNE);
            case JNE -> Optional.of(JEQ);
            case JGT -> Optional.of(JLE);
            case JGE -> Optional.of(JLT);
            case JLT -> Optional.of(JGE);
            case JLE -> Optional.of(JGT);
            case JSGT -> Optional.of(JSLE);
            case JSGE -> Optional.of(JSLT);
            case JSLT -> Optional.of(JSGE);
            case JSLE -> Optional.of(JSGT);
            case JSET -> Optional.empty();
        };
    }

    private interface Condition {
        boolean holds(long a, long b);
    }
}
