package io.jsockmap.bpf.insn;

/**
 * Where the second operand comes from: the immediate (K) or a register (X). RFC 9669, 4.1.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="operation"}
 */
public enum Source {
    IMMEDIATE(0x00),
    REGISTER(0x08);

    final int bit;

    Source(int bit) {
        this.bit = bit;
    }
}
