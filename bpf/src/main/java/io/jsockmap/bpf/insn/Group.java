package io.jsockmap.bpf.insn;

/**
 * Conformance groups of RFC 9669, 2.4; the last is Linux's own beyond the RFC.
 *
 * {@snippet class="io.jsockmap.bpf.examples.InstructionExamples" region="table"}
 */
public enum Group {
    BASE32,
    BASE64,
    DIVMUL32,
    DIVMUL64,
    ATOMIC32,
    ATOMIC64,
    PACKET,
    LINUX
}
