package io.jsockmap.bpf.core;

import io.jsockmap.bpf.insn.Instruction;

/** What becomes of an instruction that is relocated. */
public sealed interface Outcome {
    /** The instruction as it is for the target. */
    record Changed(Instruction instruction) implements Outcome {}

    /**
     * There is nothing that it could become: an error only if a program can get there, as programs
     * ask first whether a field exists.
     *
     * @param why in words
     */
    record Impossible(String why) implements Outcome {}

    /**
     * The relocation is wrong, or has several answers.
     *
     * @param problem in words
     */
    record Refused(String problem) implements Outcome {}
}
