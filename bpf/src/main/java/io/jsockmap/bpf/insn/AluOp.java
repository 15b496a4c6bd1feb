package io.jsockmap.bpf.insn;

/**
 * Arithmetic of RFC 9669, 4.1, on 64 and on 32 bits.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="arithmetic"}
 */
public enum AluOp {
    ADD(0x00, "+=", (a, b) -> a + b, (a, b) -> a + b),
    SUB(0x10, "-=", (a, b) -> a - b, (a, b) -> a - b),
    MUL(0x20, "*=", (a, b) -> a * b, (a, b) -> a * b),
    DIV(0x30, "/=", Division::divide, Division::divide),
    OR(0x40, "|=", (a, b) -> a | b, (a, b) -> a | b),
    AND(0x50, "&=", (a, b) -> a & b, (a, b) -> a & b),
    LSH(0x60, "<<=", (a, b) -> a << b, (a, b) -> a << b),
    RSH(0x70, ">>=", (a, b) -> a >>> b, (a, b) -> a >>> b),
    NEG(0x80, "=-", (a, _) -> -a, (a, _) -> -a),
    MOD(0x90, "%=", Division::modulo, Division::modulo),
    XOR(0xa0, "^=", (a, b) -> a ^ b, (a, b) -> a ^ b),
    MOV(0xb0, "=", (_, b) -> b, (_, b) -> b),
    ARSH(0xc0, "s>>=", (a, b) -> a >> b, (a, b) -> a >> b),
    SDIV(0x30, "s/=", Division::divideSigned, Division::divideSigned),
    SMOD(0x90, "s%=", Division::moduloSigned, Division::moduloSigned);

    final int code;
    final String symbol;
    private final On64 on64;
    private final On32 on32;

    AluOp(int code, String symbol, On64 on64, On32 on32) {
        this.code = code;
        this.symbol = symbol;
        this.on64 = on64;
        this.on32 = on32;
    }

    /** The result on whole registers. */
    public long apply(long a, long b) {
        return on64.apply(a, b);
    }

    /** The result on the low halves; the caller clears the upper half of the register. */
    public int apply(int a, int b) {
        return on32.apply(a, b);
    }

    /** How the kernel's logs write it: {@code +=}. */
    public String symbol() {
        return symbol;
    }

    /** Whether it divides, or gives what is left of a division. */
    public boolean isDivision() {
        return this == DIV || this == MOD || isSigned();
    }

    boolean isSigned() {
        return this == SDIV || this == SMOD;
    }

    private interface On64 {
        long apply(long a, long b);
    }

    private interface On32 {
        int apply(int a, int b);
    }
}
