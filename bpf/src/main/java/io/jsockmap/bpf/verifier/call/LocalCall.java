package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.state.Unreadable;
import io.jsockmap.bpf.verifier.step.Walk;

/** Calls of functions of the program that are followed into. */
final class LocalCall {
    /** R1 to R5. */
    private final Walk walk;

    LocalCall(Walk walk) {
        this.walk = walk;
    }

    /** Enters the function that begins at a slot. */
    int enter(int function) {
        checkDepth();
        var state = walk.state();
        var callee = new Frame(state.depth(), function, walk.slot(), Frame.Call.PLAIN);
        for (int i = 1; i <= MachineLimits.ARGUMENTS; i++) callee.set(i, state.register(i));
        clobber(state);
        state.push(callee);
        return function;
    }

    /** A call leaves nothing in the registers that it may use. */
    static void clobber(State state) {
        for (int i = 0; i <= MachineLimits.ARGUMENTS; i++) state.set(i, Unreadable.UNREADABLE);
    }

    /** One more function may run. */
    void checkDepth() {
        int depth = walk.state().depth();
        if (depth < MachineLimits.FRAMES) return;
        throw walk.refused(
                Rule.CALL_DEPTH, Errno.E2BIG, "the call stack of %d frames is too deep", depth + 1);
    }
}
