package io.jsockmap.bpf.program;

/**
 * What a machine makes of a program to run it; it lives as long as the program.
 *
 * {@snippet class="io.jsockmap.bpf.examples.RunExamples" region="machines"}
 */
public interface Prepared {}
