package io.jsockmap.bpf.insn;

/** Where the second operand comes from: the immediate (K) or a register (X). RFC 9669, 4.1. */
public enum Source {
    IMMEDIATE(0x00),
    REGISTER(0x08);

    final int bit;

    Source(int bit) {
        this.bit = bit;
    }
}
