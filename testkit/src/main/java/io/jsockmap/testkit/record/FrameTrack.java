package io.jsockmap.testkit.record;

import static io.jsockmap.bpf.program.HelperNumbers.TAIL_CALL;

import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.record.Frame.Entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Follows which function a run is in. */
final class FrameTrack {
    private final List<Frame> all = new ArrayList<>();
    private final List<Frame> open = new ArrayList<>();

    /** The functions so far, in the order in which they were entered. */
    List<Frame> all() {
        return all;
    }

    /** The functions that have called each other, the first one first. */
    List<Frame> open() {
        return open;
    }

    /**
     * Takes note of the step that is next, and says how it enters a function, if it does.
     *
     * @param step its place
     * @param before the step before it, if there is one
     * @param arguments what the function is given, asked for if it enters one
     */
    Optional<Entry> next(
            int step,
            Program program,
            int slot,
            int depth,
            Optional<Step> before,
            Supplier<List<Named>> arguments) {
        var entry = depth > open.size() ? deeper(before) : again(slot, depth, before);
        var tail = entry.filter(e -> e == Entry.TAIL_CALL).map(_ -> open.get(depth - 1));
        while (open.size() > depth) open.removeLast();
        entry.ifPresent(
                how -> {
                    if (open.size() == depth) open.removeLast();
                    int caller = open.isEmpty() ? -1 : open.getLast().number();
                    var frame =
                            new Frame(
                                    all.size(),
                                    depth,
                                    tail.map(Frame::number).orElse(caller),
                                    how,
                                    Pointers.nameOf(program, slot),
                                    program,
                                    step,
                                    arguments.get());
                    all.add(frame);
                    open.add(frame);
                });
        return entry;
    }

    private static Optional<Entry> deeper(Optional<Step> before) {
        if (before.isEmpty()) return Optional.of(Entry.START);
        boolean isCall = before.get().instruction().calls(Callee.LOCAL);
        return Optional.of(isCall ? Entry.CALL : Entry.CALLBACK);
    }

    /** A function may be entered in which another one of that depth has just ended. */
    private static Optional<Entry> again(int slot, int depth, Optional<Step> before) {
        if (before.isEmpty() || before.get().depth() != depth) return Optional.empty();
        var last = before.get();
        return switch (last.instruction().operation()) {
            // A helper that calls back many times.
            case Operation.Exit _ -> Optional.of(Entry.CALLBACK);
            case Operation.Call(var callee) when callee == Callee.HELPER ->
                    last.instruction().immediate() == TAIL_CALL && slot != last.slot() + 1
                            ? Optional.of(Entry.TAIL_CALL)
                            : Optional.empty();
            default -> Optional.empty();
        };
    }
}
