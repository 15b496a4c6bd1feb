package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;

/** What messages about arguments call the contents of registers. */
final class Words {
    private Words() {}

    /** The word for what a register holds, which tells no structure of the kernel's own by name. */
    static String of(Reg reg) {
        return switch (reg) {
            case Scalar _ -> "scalar";
            case Pointer pointer -> of(pointer);
            default -> "?";
        };
    }

    private static String of(Pointer pointer) {
        boolean internal = pointer.is(PointerKind.STRUCTURE) && pointer.structure().internal();
        if (!internal) return pointer.word();
        return pointer.nullable() ? "ptr_or_null_" : "ptr_";
    }

    /** Whether that is a number which is known to be zero, as a pointer may be. */
    static boolean isNull(Reg reg) {
        return reg instanceof Scalar scalar
                && scalar.isConstant()
                && scalar.bounds().constant() == 0;
    }
}
