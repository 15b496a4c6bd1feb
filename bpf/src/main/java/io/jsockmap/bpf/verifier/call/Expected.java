package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;

/** Which kinds of registers helpers take for an argument. */
final class Expected {
    private Expected() {}

    /** Whether null will do. */
    static boolean mayBeNull(Argument argument) {
        return switch (argument) {
            case VALUE_OR_NULL,
                    READABLE_OR_NULL,
                    WRITABLE_OR_NULL,
                    CONTEXT_OR_NULL,
                    CALLBACK_CONTEXT ->
                    true;
            default -> false;
        };
    }

    /** Whether a register will do. */
    static boolean fits(Argument argument, Reg reg) {
        if (!(reg instanceof Pointer pointer)) return reg instanceof Scalar && isNumber(argument);
        if (pointer.nullable() && !mayBeNull(argument)) return false;
        return switch (argument) {
            case CONTEXT, CONTEXT_OR_NULL -> pointer.is(PointerKind.CONTEXT);
            case MAP -> pointer.is(PointerKind.MAP);
            case READABLE, READABLE_OR_NULL -> isMemory(pointer);
            case KEY,
                    VALUE,
                    VALUE_OR_NULL,
                    VALUE_TO_FILL,
                    WRITABLE,
                    WRITABLE_OR_NULL,
                    WRITABLE_VALUE,
                    LONG ->
                    isMemory(pointer) && !(pointer.is(PointerKind.MEMORY) && pointer.readOnly());
            case TEXT, TIMER, LOCK -> pointer.is(PointerKind.MAP_VALUE);
            case DYNPTR, DYNPTR_TO_FILL, DYNPTR_OF_RECORD_TO_FILL, DYNPTR_OF_RECORD ->
                    pointer.is(PointerKind.STACK) || pointer.is(PointerKind.DYNPTR);
            case CALLBACK_CONTEXT -> pointer.is(PointerKind.STACK);
            case SOCKET -> pointer.is(PointerKind.STRUCTURE);
            case SOCKET_FOR_PROGRAMS ->
                    pointer.is(PointerKind.STRUCTURE) && !pointer.structure().internal();
            case FUNCTION -> pointer.is(PointerKind.FUNCTION);
            case RECORD -> pointer.is(PointerKind.RECORD);
            default -> false;
        };
    }

    private static boolean isNumber(Argument argument) {
        return switch (argument) {
            case SIZE, SIZE_OR_ZERO, MEMORY_SIZE -> true;
            default -> false;
        };
    }

    private static boolean isMemory(Pointer pointer) {
        return switch (pointer.kind()) {
            case STACK, PACKET, MAP_KEY, MAP_VALUE, MEMORY, RECORD -> true;
            default -> false;
        };
    }
}
