package io.jsockmap.bpf.verifier.call;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.verifier.rule.Rule;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.HashSet;
import java.util.Set;

/**
 * Functions that a helper calls. One path goes on as if the helper called it no more; another goes
 * through the function and comes back to the call.
 */
final class Callbacks {
    /** A function that is called later knows nothing but its map. */
    private record Later(int function, BpfMap map, int mapId) {}

    private final Walk walk;
    private final LocalCall functions;
    private final Set<Later> seen = new HashSet<>();
    private final Set<Integer> called = new HashSet<>();

    Callbacks(Walk walk, LocalCall functions) {
        this.walk = walk;
        this.functions = functions;
    }

    /** Sends a path into the function that a helper calls, if it calls one. */
    void call(Helper helper, CallFacts facts) {
        if (helper.has(CallTrait.CALLS_BACK_NUMBERS)) numbers(facts);
        else if (helper.has(CallTrait.CALLS_BACK_ELEMENTS)) elements(facts);
        else if (helper.has(CallTrait.CALLS_BACK_LATER)) later(facts);
    }

    private void numbers(CallFacts facts) {
        if (!(walk.state().register(1) instanceof Scalar times)) {
            throw walk.refused(
                    Rule.CALLBACK, Errno.EACCES, 1, "R1 is not a scalar: how often to call back");
        }
        walk.markPrecise(1);
        var caller = walk.state().frame();
        if (Long.compareUnsigned(caller.callbacks(), times.bounds().umax()) < 0) {
            var entered = enter(facts);
            entered.set(1, Scalar.unknown());
            entered.set(2, caller.register(3));
        }
        caller.setCallbacks(0);
    }

    private void elements(CallFacts facts) {
        var caller = walk.state().frame();
        var entered = enter(facts);
        entered.set(1, caller.register(1));
        entered.set(2, NullChecks.keyFor(entered, facts.map, facts.mapId));
        entered.set(3, value(facts));
        entered.set(4, caller.register(3));
        caller.setCallbacks(0);
    }

    /** Where the functions begin that helpers call before they return. */
    Set<Integer> called() {
        return called;
    }

    /** The frame of the function, on the path that goes through it. */
    private Frame enter(CallFacts facts) {
        called.add(facts.function);
        functions.checkDepth();
        var other = walk.state().copy();
        other.setUnrolled(other.unrolled() + 1);
        other.frame().setCallbacks(other.frame().callbacks() + 1);
        var frame = new Frame(other.depth(), facts.function, walk.slot(), Frame.Call.CALLBACK);
        other.push(frame);
        walk.fork(other, facts.function);
        return frame;
    }

    private void later(CallFacts facts) {
        if (!seen.add(new Later(facts.function, facts.map, facts.mapId))) return;
        var state = State.at(facts.function, Frame.Call.LATER);
        state.set(1, NullChecks.ofMap(PointerKind.MAP, facts.map, facts.mapId));
        state.set(2, NullChecks.ofMap(PointerKind.MAP_KEY, facts.map, facts.mapId));
        state.set(3, value(facts));
        walk.fork(state, facts.function);
    }

    /** Another element has another lock. */
    private Pointer value(CallFacts facts) {
        var value = NullChecks.ofMap(PointerKind.MAP_VALUE, facts.map, facts.mapId);
        boolean lock = NullChecks.has(facts.map, SpecialField.Kind.SPIN_LOCK);
        return lock && !isOnly(facts) ? value.withId(walk.newId()) : value;
    }

    /** Whether the map has just that element, which the program may know by its address too. */
    private boolean isOnly(CallFacts facts) {
        return facts.mapType() == MapType.ARRAY
                && facts.map.maxEntries() == 1
                && walk.program().maps().contains(facts.map);
    }
}
