package io.jsockmap.bpf.verifier.log;

import io.jsockmap.bpf.verifier.domain.Bounds;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;

import java.util.StringJoiner;

/** What a register holds, as the kernel's log writes it. */
final class RegisterText {
    private RegisterText() {}

    /**
     * @param frame the frame that is printed: pointers to stacks of others say whose
     * @param marks whether numbers that a decision hung on have a P in front
     */
    static String of(Reg reg, int frame, boolean marks) {
        return switch (reg) {
            case Scalar scalar -> (marks && scalar.isPrecise() ? "P" : "") + number(scalar);
            case Pointer pointer -> pointer(pointer, frame);
            default -> "?";
        };
    }

    private static String number(Scalar scalar) {
        if (scalar.isConstant()) return scalar.bounds().toString();
        var parts = parts();
        if (scalar.id() != 0) {
            parts.add("id=" + scalar.id() + (scalar.isShifted() ? signed(scalar.distance()) : ""));
        }
        addNonEmpty(parts, scalar.bounds());
        return "scalar" + parts;
    }

    private static String signed(long distance) {
        return "%+d".formatted(distance);
    }

    private static String pointer(Pointer pointer, int frame) {
        if (pointer.is(PointerKind.STACK)) {
            var whose = pointer.frame() == frame ? "fp" : "fp[%d]".formatted(pointer.frame());
            if (pointer.isFixed()) {
                return whose + Bounds.of(pointer.offset() + pointer.variable().constant());
            }
            return whose + attributes(pointer);
        }
        return pointer.word() + attributes(pointer);
    }

    private static StringJoiner attributes(Pointer pointer) {
        var parts = parts();
        if (pointer.id() != 0) parts.add("id=" + pointer.id());
        if (pointer.reference() != 0) parts.add("ref_obj_id=" + pointer.reference());
        switch (pointer.kind()) {
            case MAP, MAP_KEY, MAP_VALUE -> {
                var map = pointer.map();
                parts.add("map=" + map.name());
                parts.add("ks=" + map.keySize());
                parts.add("vs=" + map.valueSize());
            }
            default -> {}
        }
        if (pointer.offset() != 0) parts.add("off=" + Bounds.of(pointer.offset()));
        switch (pointer.kind()) {
            case PACKET -> parts.add("r=" + unsigned(pointer.range()));
            case MEMORY, RECORD -> parts.add("sz=" + unsigned(pointer.size()));
            default -> {}
        }
        var variable = pointer.variable();
        if (!variable.isConstant()) addNonEmpty(parts, variable);
        else if (variable.constant() != 0) parts.add("imm=" + variable);
        return parts;
    }

    private static StringJoiner parts() {
        return new StringJoiner(",", "(", ")");
    }

    private static void addNonEmpty(StringJoiner parts, Bounds bounds) {
        var text = bounds.toString();
        if (!text.isEmpty()) parts.add(text);
    }

    private static String unsigned(long number) {
        boolean isShort = number >>> 16 == 0;
        return isShort ? Long.toString(number) : "0x" + Long.toHexString(number);
    }
}
