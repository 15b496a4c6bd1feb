package io.jsockmap.bpf.object;

/** What an instruction of a function refers to. The slot counts from the function's start. */
sealed interface Reference {
    int slot();

    /** The address of a map. */
    record ToMap(int slot, String map) implements Reference {}

    /** A place in a data section, in bytes. */
    record ToData(int slot, String section, int offset) implements Reference {}

    /** A function at a byte of a section, called or taken by address. */
    record ToFunction(int slot, String section, int offset) implements Reference {}

    /** Something of the kernel's: a function or a variable. */
    record ToKernel(int slot, String symbol, boolean weak) implements Reference {}
}
