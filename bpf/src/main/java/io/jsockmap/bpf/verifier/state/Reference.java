package io.jsockmap.bpf.verifier.state;

/**
 * Something that the program must give back before it ends.
 *
 * @param id its number
 * @param slot the instruction that took it
 */
public record Reference(int id, int slot) {}
