package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.program.Facts;

import java.util.List;
import java.util.Optional;

/**
 * What is run on two machines.
 *
 * @param main the program
 * @param targets those that it may jump to, by their places
 * @param lines whether each instruction has a line of C
 */
record Case(Part main, List<Part> targets, boolean lines) {

    /**
     * A program of it.
     *
     * @param facts what was proved of it; empty if the machines shall know of nothing
     */
    record Part(Draft draft, Optional<Facts> facts) {
        Part checked() {
            return new Part(draft, Optional.empty());
        }
    }

    /** The same without what was proved. */
    Case checked() {
        return new Case(main.checked(), targets.stream().map(Part::checked).toList(), lines);
    }
}
