package io.jsockmap.bpf.verifier.rule;

/**
 * What a program must keep to: each refusal names the rule that was broken.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="refused"}
 */
public enum Rule {
    // Control flow.
    JUMP_TARGET,
    PROGRAM_END,
    UNREACHABLE_CODE,
    CALL_DEPTH,
    STACK_DEPTH,
    ENDLESS_LOOP,
    TOO_COMPLEX,
    // Registers and numbers.
    UNINITIALISED_REGISTER,
    FRAME_POINTER,
    DIVISION_BY_ZERO,
    SHIFT_TOO_FAR,
    POINTER_ARITHMETIC,
    POINTER_OFFSET,
    POINTER_LEAK,
    // Memory.
    NOT_A_POINTER,
    NULL_POINTER,
    CONTEXT_ACCESS,
    CONTEXT_POINTER,
    PACKET_BOUNDS,
    PACKET_WRITE,
    MAP_VALUE_BOUNDS,
    MAP_FLAGS,
    MEMORY_BOUNDS,
    READ_ONLY_MEMORY,
    NEGATIVE_OFFSET,
    UNBOUNDED_OFFSET,
    STACK_BOUNDS,
    STACK_ALIGNMENT,
    STACK_CONTENT,
    SPECIAL_FIELD,
    STRUCTURE_ACCESS,
    ATOMIC_ACCESS,
    LEGACY_LOAD,
    UNKNOWN_INSTRUCTION,
    // Calls.
    UNKNOWN_HELPER,
    HELPER_NOT_ALLOWED,
    GPL_ONLY,
    UNKNOWN_KFUNC,
    ARGUMENT_TYPE,
    ARGUMENT_SIZE,
    ARGUMENT_CONSTANT,
    MAP_KIND,
    SOCKET_MAP_UPDATE,
    CALLBACK,
    GLOBAL_FUNCTION,
    FAILED_RELOCATION,
    // What is held.
    UNRELEASED_REFERENCE,
    UNKNOWN_REFERENCE,
    LOCK,
    RCU_SECTION,
    PREEMPTION,
    ITERATOR,
    DYNPTR,
    // The end.
    RETURN_VALUE;

    /** What is to be said of it: what it means, what the log says, how it is repaired. */
    public RuleText text() {
        return Catalogue.of(this);
    }
}
