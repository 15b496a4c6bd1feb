package io.jsockmap.bpf.program;

/**
 * A function of a program. The main function is one too, at slot 0.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="debug"}
 *
 * @param start its first slot
 * @param name its name in C
 * @param global whether the verifier takes it by its prototype alone, for all callers at once
 * @param type the number of its type in {@link Debug#types}, or 0 if it has none
 */
public record Subprogram(int start, String name, boolean global, int type) {}
