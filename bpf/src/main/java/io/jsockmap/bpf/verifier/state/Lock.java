package io.jsockmap.bpf.verifier.state;

/**
 * The spin lock that is held.
 *
 * @param owner the map in whose value it lies
 * @param id the identity of the pointer to that value
 */
public record Lock(Object owner, int id) {}
