package io.jsockmap.bpf.program;

/** Which loads of a context field are legal. */
public enum Loads {
    /** Exactly the field's size at its offset. */
    EXACT,
    /** Aligned parts of it too. */
    NARROW,
    /** None at all. */
    NONE
}
