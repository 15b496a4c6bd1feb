package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.testkit.lint.flow.CallSite;
import io.jsockmap.testkit.lint.flow.Value.Stack;

import java.util.BitSet;
import java.util.OptionalInt;

/** Bytes of keys that nobody has written. */
final class Keys implements Check {
    @Override
    public void look(Subjects object, Findings findings) {
        for (var subject : object.all()) {
            for (var call : subject.flow().calls()) {
                key(subject, call).ifPresent(offset -> look(subject, call, offset, findings));
            }
        }
    }

    /** Where the key lies in the frame that a call is given. */
    static OptionalInt key(Subject subject, CallSite call) {
        var helper = subject.program().type().helper(call.helper());
        int place = helper.map(h -> h.arguments().indexOf(Argument.KEY)).orElse(-1);
        if (place < 0 || call.map().isEmpty()) return OptionalInt.empty();
        boolean known = call.argument(place + 1) instanceof Stack;
        int offset = call.argument(place + 1) instanceof Stack(int at) ? at : 0;
        return known && offset + call.map().get().keySize() <= 0
                ? OptionalInt.of(offset)
                : OptionalInt.empty();
    }

    private static void look(Subject subject, CallSite call, int offset, Findings findings) {
        var map = call.map().orElseThrow();
        var never = new BitSet();
        var sometimes = new BitSet();
        for (int i = 0; i < map.keySize(); i++) {
            var state = call.before();
            if (!state.isMaybeWritten(offset + i)) never.set(i);
            else if (!state.isSurelyWritten(offset + i)) sometimes.set(i);
        }
        if (!never.isEmpty()) report(subject, call, map, never, Severity.WARNING, findings);
        else if (!sometimes.isEmpty()) {
            report(subject, call, map, sometimes, Severity.NOTE, findings);
        }
    }

    private static void report(
            Subject subject,
            CallSite call,
            BpfMap map,
            BitSet bytes,
            Severity severity,
            Findings findings) {
        int first = bytes.nextSetBit(0);
        int last = bytes.nextClearBit(first) - 1;
        var names = new KeyNames(subject.program().debug().types(), map.definition());
        var which = first == last ? "Byte " + first : "Bytes %d to %d".formatted(first, last);
        var when = severity == Severity.WARNING ? "never written" : "not written on some path";
        findings.add(
                Rule.KEY_PADDING,
                severity,
                subject,
                call.slot(),
                "%s of the key of %s (%s): %s."
                        .formatted(which, map.name(), names.of(first), when));
    }
}
