package io.jsockmap.bpf.verifier.domain;

/** What both sides of a comparison are known to be on one of its edges. */
public record Refined(Bounds left, Bounds right) {}
