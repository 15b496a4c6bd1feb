package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.ProgramType.Results;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.Walk;
import io.jsockmap.bpf.verifier.step.Widening;

import java.util.Optional;
import java.util.function.Supplier;

/** The end of a function, and of the program. */
final class Return {
    private static final Results CALLBACK = new Results(0, 1);
    private static final Results LATER = new Results(0, 0);

    private final Walk walk;
    private final References references;
    private final Supplier<Optional<State>> previous;

    Return(Walk walk, References references, Supplier<Optional<State>> previous) {
        this.walk = walk;
        this.references = references;
        this.previous = previous;
    }

    /** Where the path goes on, or {@link Calls#END}. */
    int leave() {
        var frame = walk.state().frame();
        if (walk.state().depth() > 1) return toCaller(frame);
        references.checkNothingHeld("BPF_EXIT instruction in main prog");
        end(frame);
        return Calls.END;
    }

    /** Goes back to the caller, whose state is in the frame below. */
    int toCaller(Frame frame) {
        var result = frame.register(0);
        if (result instanceof Pointer pointer && pointer.is(PointerKind.STACK)) {
            throw walk.refused(
                    Rule.RETURN_VALUE,
                    Errno.EINVAL,
                    0,
                    "cannot return stack pointer to the caller");
        }
        boolean callback = frame.call() == Frame.Call.CALLBACK;
        if (callback) checkCallback(frame);
        walk.state().pop();
        if (callback) references.forgetKey(frame);
        if (!callback) {
            walk.state().set(0, result);
            return frame.callSite() + 1;
        }
        walk.goTo(frame.callSite());
        previous.get().ifPresent(before -> Widening.widen(before, walk.state()));
        return frame.callSite();
    }

    private void checkCallback(Frame frame) {
        if (!(frame.register(0) instanceof Scalar)) {
            throw walk.refused(Rule.CALLBACK, Errno.EACCES, 0, "R0 not a scalar value");
        }
        checkRange("At callback return", Rule.CALLBACK, CALLBACK);
    }

    private void end(Frame frame) {
        var result = walk.readable(0);
        if (result instanceof Pointer && !walk.mayLeakPointers()) {
            throw walk.refused(Rule.POINTER_LEAK, Errno.EACCES, 0, "R0 leaks addr as return value");
        }
        if (frame.call() == Frame.Call.LATER) {
            checkKnown("At async callback return");
            checkRange("At async callback return", Rule.CALLBACK, LATER);
        } else if (frame.function() != 0) {
            if (result instanceof Scalar) return;
            throw walk.refused(
                    Rule.RETURN_VALUE,
                    Errno.EINVAL,
                    0,
                    "At subprogram exit the register R0 is not a scalar value (%s)",
                    Words.of(result));
        } else if (walk.program().type().results().isPresent()) {
            checkKnown("At program exit");
            var results = walk.program().type().results().get();
            checkRange("At program exit", Rule.RETURN_VALUE, results);
        }
    }

    private void checkKnown(String where) {
        var result = walk.state().register(0);
        if (result instanceof Scalar) return;
        throw walk.refused(
                Rule.RETURN_VALUE,
                Errno.EINVAL,
                0,
                "%s the register R0 is not a known value (%s)",
                where,
                Words.of(result));
    }

    private void checkRange(String where, Rule rule, Results range) {
        walk.markPrecise(0);
        var result = ((Scalar) walk.state().register(0)).bounds();
        if (result.smin() >= range.min() && result.smax() <= range.max()) return;
        throw outside(where, rule, range, result.smin(), result.smax());
    }

    private Refused outside(String where, Rule rule, Results range, long smin, long smax) {
        var known = new StringBuilder();
        if (smin > Long.MIN_VALUE) known.append(" smin=").append(smin);
        if (smax < Long.MAX_VALUE) known.append(" smax=").append(smax);
        return walk.refused(
                rule,
                Errno.EINVAL,
                0,
                "%s the register R0 has%s should have been in [%d, %d]",
                where,
                known.isEmpty() ? " unknown scalar value" : known,
                range.min(),
                range.max());
    }
}
