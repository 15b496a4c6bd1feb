package io.jsockmap.bpf.program;

/**
 * Which loads of a context field are legal.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="layout"}
 */
public enum Loads {
    /** Exactly the field's size at its offset. */
    EXACT,
    /** Aligned parts of it too. */
    NARROW,
    /** Of parts too, but only those at its offset. */
    FIRST,
    /** Aligned parts of its first two bytes too; the others are a gap. */
    HALF,
    /** None at all. */
    NONE
}
