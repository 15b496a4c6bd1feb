package io.jsockmap.bpf.verifier.log;

import io.jsockmap.bpf.verifier.state.Dynptr;
import io.jsockmap.bpf.verifier.state.Iteration;
import io.jsockmap.bpf.verifier.state.Slot;

import java.util.StringJoiner;

/** What eight bytes of a stack hold, as the kernel's log writes it: highest address first. */
final class SlotText {
    private static final String LETTERS = "?rm0di";

    private SlotText() {}

    /** Its text, or an empty one where the log says nothing of it. */
    static String of(Slot slot, int frame, boolean marks) {
        if (slot.isAll(Slot.INVALID)) return "";
        return switch (slot.value()) {
            case Dynptr dynptr -> dynptr.first() ? of(dynptr) : "";
            case Iteration iteration -> of(iteration);
            case null, default -> slot.isSpill() ? spill(slot, frame, marks) : kinds(slot, 0);
        };
    }

    private static String spill(Slot slot, int frame, boolean marks) {
        return kinds(slot, slot.spilled()) + RegisterText.of(slot.register(), frame, marks);
    }

    private static String kinds(Slot slot, int from) {
        var text = new StringBuilder();
        for (int i = Slot.BYTES - 1; i >= from; i--) text.append(LETTERS.charAt(slot.kind(i)));
        return text.toString();
    }

    private static String of(Dynptr dynptr) {
        var parts = new StringJoiner(",", "dynptr_%s(".formatted(dynptr.kind().word()), ")");
        if (dynptr.id() != 0) parts.add("id=" + dynptr.id());
        if (dynptr.reference() != 0) parts.add("ref_id=" + dynptr.reference());
        return parts.toString();
    }

    private static String of(Iteration iteration) {
        return "iter_%s(ref_id=%d,state=%s,depth=%d)"
                .formatted(
                        iteration.word(),
                        iteration.reference(),
                        iteration.drained() ? "drained" : "active",
                        iteration.depth());
    }
}
