package io.jsockmap.bpf.verifier.step;

/** What is done to memory. */
public enum Access {
    READ,
    WRITE
}
