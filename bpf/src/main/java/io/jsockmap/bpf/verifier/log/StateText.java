package io.jsockmap.bpf.verifier.log;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Reference;
import io.jsockmap.bpf.verifier.state.Slot;
import io.jsockmap.bpf.verifier.state.State;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A state as the kernel's log writes it: {@code R1=ctx() R2=pkt(off=8,r=0) R10=fp0 fp-8=mmmm0000
 * refs=2}, with {@code frame1:} in front in a function that was called.
 *
 * <p>What the kernel does not print since 6.18, such as marks of what was read, is not here either.
 * The spin lock that is held counts among {@code refs}, as there.
 */
final class StateText {
    private static final int ALL_REGISTERS = -1;
    private static final long ALL_SLOTS = -1;

    private StateText() {}

    /** All that is known of the function that is running. */
    static String of(State state) {
        return of(state, state.frame(), ALL_REGISTERS, ALL_SLOTS, false);
    }

    /** The same, with a {@code P} in front of each number that a decision hung on. */
    static String withMarks(State state) {
        return of(state, state.frame(), ALL_REGISTERS, ALL_SLOTS, true);
    }

    /** The same of one of the functions that are running. */
    static String of(State state, Frame frame) {
        return of(state, frame, ALL_REGISTERS, ALL_SLOTS, false);
    }

    /**
     * Some of what is known of the function that is running.
     *
     * @param registers a bit for each register that is wanted
     * @param slots a bit for each slot of the stack that is wanted, from the lowest for the one
     *     right below the frame pointer
     */
    static String of(State state, int registers, long slots) {
        return of(state, state.frame(), registers, slots, false);
    }

    private static String of(State state, Frame frame, int registers, long slots, boolean marks) {
        List<String> parts = new ArrayList<>();
        if (frame.number() != 0) parts.add("frame%d:".formatted(frame.number()));
        addRegisters(parts, frame, registers, marks);
        addSlots(parts, frame, slots, marks);
        addHeld(parts, state);
        switch (frame.call()) {
            case PLAIN -> {}
            case CALLBACK -> parts.add("cb");
            case LATER -> parts.add("async_cb");
        }
        return String.join(" ", parts);
    }

    private static void addRegisters(
            List<String> parts, Frame frame, int registers, boolean marks) {
        for (int i = 0; i <= Code.FRAME_POINTER; i++) {
            var reg = frame.register(i);
            if ((registers >> i & 1) == 0 || !reg.isReadable()) continue;
            parts.add("R%d=%s".formatted(i, RegisterText.of(reg, frame.number(), marks)));
        }
    }

    private static void addSlots(List<String> parts, Frame frame, long slots, boolean marks) {
        for (int i = 0; i < frame.depth(); i++) {
            if ((slots >> i & 1) == 0) continue;
            var text = SlotText.of(frame.slot(i), frame.number(), marks);
            if (text.isEmpty()) continue;
            parts.add("fp%d=%s".formatted(-(i + 1) * Slot.BYTES, text));
        }
    }

    private static void addHeld(List<String> parts, State state) {
        List<Integer> held =
                state.references().stream().map(Reference::id).collect(Collectors.toList());
        state.lock().ifPresent(lock -> held.add(lock.id()));
        if (held.isEmpty()) return;
        parts.add(held.stream().map(String::valueOf).collect(Collectors.joining(",", "refs=", "")));
    }
}
