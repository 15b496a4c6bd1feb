package io.jsockmap.bpf.program;

/**
 * What else the verifier must know of a helper or kfunc than its arguments and its result.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="helper"}
 */
public enum CallTrait {
    /** Only for programs whose license is compatible with the GPL. */
    GPL_ONLY,
    /** Pointers into the packet are invalid after the call. */
    CHANGES_PACKET,
    /** Only for types of programs that may write to packets. */
    WRITES_PACKET,
    /** Memory arguments may lie in the packet. */
    PACKET_ARGUMENTS,
    /** The result, unless null, must be given back. */
    ACQUIRES,
    /** The argument that has a reference is given back. */
    RELEASES,
    /** The result is the argument in another shape, and lives as long as its reference. */
    CASTS,
    /** May be called while a spin lock is held. */
    WHILE_LOCKED,
    /** Calls the function argument with a number and the context argument, many times. */
    CALLS_BACK_NUMBERS,
    /** Calls the function argument with map, key, value and the context argument, many times. */
    CALLS_BACK_ELEMENTS,
    /** Has the function argument called later with map, key and value. */
    CALLS_BACK_LATER,
    /** Begins an iteration. */
    ITERATOR_NEW,
    /** Gives the next element of an iteration, or null. */
    ITERATOR_NEXT,
    /** Ends an iteration. */
    ITERATOR_DESTROY,
    /** Begins a section of read-copy-update. */
    RCU_LOCK,
    /** Ends it. */
    RCU_UNLOCK,
    /** Begins a section without preemption. */
    PREEMPT_DISABLE,
    /** Ends it. */
    PREEMPT_ENABLE,
    /**
     * Goes on in another program. Where it fails nothing has happened; where it succeeds in a
     * function, that function returns any number, and may have changed the packet.
     */
    TAIL_CALL,
    /** Begins a section under a spin lock. */
    LOCKS,
    /** Asks which CPU it is on. */
    USES_CPU,
    /** Finds an element of a map by its key: the value, a socket or an inner map. */
    LOOKS_UP
}
