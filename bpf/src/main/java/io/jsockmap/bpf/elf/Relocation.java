package io.jsockmap.bpf.elf;

/**
 * A place in a section that refers to a symbol.
 *
 * @param offset the place, in bytes from the section's start
 * @param type its kind, by its number (LLVM's documentation of the BPF back end)
 * @param symbol what it refers to
 */
public record Relocation(int offset, int type, Symbol symbol) {}
