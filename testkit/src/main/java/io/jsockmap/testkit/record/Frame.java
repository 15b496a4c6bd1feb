package io.jsockmap.testkit.record;

import io.jsockmap.bpf.program.Program;

import java.util.List;

/**
 * A call of a function of a program, the main function included.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="way"}
 *
 * @param number its place among the frames of the run, from 0
 * @param depth how many functions have called each other with it, from 1
 * @param caller the number of the frame that called it, or -1
 * @param entry how it was entered
 * @param function its name in C; {@code function at N} where the object file does not tell
 * @param program the program that it belongs to
 * @param firstStep the place of its first step
 * @param arguments its arguments by the names and types that the object file tells
 */
public record Frame(
        int number,
        int depth,
        int caller,
        Entry entry,
        String function,
        Program program,
        int firstStep,
        List<Named> arguments) {
    public Frame {
        arguments = List.copyOf(arguments);
    }

    /** How a function was entered. */
    public enum Entry {
        /** It is the first of the run. */
        START,
        /** Another function of the program called it. */
        CALL,
        /** A helper called it. */
        CALLBACK,
        /** It is the first of a program that a tail call went to; its caller is the one before. */
        TAIL_CALL
    }
}
