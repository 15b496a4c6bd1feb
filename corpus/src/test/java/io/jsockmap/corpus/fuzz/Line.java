package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Instruction;

/** A line of a program: jumps name labels, so that lines may come and go. */
sealed interface Line {

    /** A place that jumps and calls name. */
    record Label(String name) implements Line {}

    /**
     * An instruction.
     *
     * @param target the label that its offset or immediate is computed from, or an empty text
     */
    record Op(Instruction instruction, String target) implements Line {
        Op(Instruction instruction) {
            this(instruction, "");
        }

        boolean hasTarget() {
            return !target.isEmpty();
        }
    }
}
