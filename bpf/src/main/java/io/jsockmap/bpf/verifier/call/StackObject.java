package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.step.StackAccess;

import java.util.Optional;

/** Where things lie on a stack that take whole slots. */
final class StackObject {
    private StackObject() {}

    /** Why nothing of so many slots can lie where the pointer points to. */
    static Optional<String> problem(Pointer pointer, String what, int slots) {
        if (!pointer.isFixed()) return Optional.of(what + " has to be at a constant offset");
        int offset = offset(pointer);
        boolean fits = offset < 0 ? index(pointer) + 1 >= slots : offset == 0 && slots == 1;
        if (fits && offset % Slot.BYTES == 0) return Optional.empty();
        return Optional.of("cannot pass in %s at an offset=%d".formatted(what, offset));
    }

    /** The slot that a pointer to the stack points to; negative if it is none of its frame's. */
    static int index(Pointer pointer) {
        int offset = offset(pointer);
        return offset < 0 ? StackAccess.slotOf(offset) : -1;
    }

    private static int offset(Pointer pointer) {
        return pointer.offset() + (int) pointer.variable().constant();
    }
}
