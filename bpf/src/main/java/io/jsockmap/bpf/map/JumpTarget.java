package io.jsockmap.bpf.map;

/**
 * What a program array needs to know of a program.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="tailcalls"}
 */
public interface JumpTarget {
    /** A number that no other program of this process has. */
    int id();

    /** The name of the program's type: all programs of an array have the same. */
    String typeName();
}
