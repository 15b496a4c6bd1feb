package io.jsockmap.bpf.elf;

/**
 * A place in a section that refers to a symbol.
 *
 * @param offset the place, in bytes from the section's start
 * @param type one of the types below (LLVM's documentation of the BPF back end)
 * @param symbol what it refers to
 */
public record Relocation(int offset, int type, Symbol symbol) {
    /** A 64-bit immediate. */
    public static final int IMMEDIATE_64 = 1;

    /** 64 bits of data. */
    public static final int ABSOLUTE_64 = 2;

    /** The 32-bit immediate of a call. */
    public static final int CALL_32 = 10;
}
