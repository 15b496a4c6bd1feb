package io.jsockmap.bpf.verifier.domain;

/** Whether a conditional jump is taken. */
public enum Branch {
    ALWAYS,
    NEVER,
    MAYBE
}
