package io.jsockmap.bpf.program;

/** What a machine makes of a program to run it; it lives as long as the program. */
public interface Prepared {}
