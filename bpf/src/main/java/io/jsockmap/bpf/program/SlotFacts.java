package io.jsockmap.bpf.program;

import java.util.List;
import java.util.OptionalInt;

/**
 * What was proved of an instruction that some path gets to.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="told"}
 *
 * @param target where its memory is
 * @param arguments CALL: where R1 to R5 point to; empty otherwise
 * @param maps CALL: the places in the program's maps of the maps that R1 to R5 point to; empty
 *     otherwise
 * @param nonNegative whether both operands are never negative
 * @param nonZero whether the divisor is never zero
 */
public record SlotFacts(
        Target target,
        List<Target> arguments,
        List<OptionalInt> maps,
        boolean nonNegative,
        boolean nonZero) {

    public SlotFacts {
        arguments = List.copyOf(arguments);
        maps = List.copyOf(maps);
    }
}
