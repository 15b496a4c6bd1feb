package io.jsockmap.bpf.verifier.proof;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.program.Target;
import io.jsockmap.bpf.verifier.flow.Signs;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.List;
import java.util.OptionalInt;

/** A call. Of registers that it does not use states say nothing of each other. */
final class CallSite implements Site {
    private static final int NONE = -1;

    private final int used;
    private final Target[] targets = new Target[MachineLimits.ARGUMENTS];
    private final int[] places = new int[MachineLimits.ARGUMENTS];
    private boolean first = true;

    CallSite(Walk walk) {
        used = walk.flow().liveAt(walk.slot());
    }

    @Override
    public void before(Walk walk) {
        var state = walk.state();
        for (int i = 0; i < MachineLimits.ARGUMENTS; i++) {
            if ((used >> i + 1 & 1) == 0) continue;
            var reg = state.register(i + 1);
            if (first || !Targets.isSame(targets[i], reg, 0, state)) {
                targets[i] = Targets.join(targets[i], Targets.of(reg, 0, state));
            }
            if (first) places[i] = place(walk, reg);
            else if (places[i] != NONE && places[i] != place(walk, reg)) places[i] = NONE;
        }
        first = false;
    }

    /**
     * That of the map in the program; one out of a map of maps has none, being another each time.
     */
    @SuppressWarnings("ReferenceEquality") // a map is itself only
    private static int place(Walk walk, Reg reg) {
        if (!(reg instanceof Pointer pointer) || !pointer.is(PointerKind.MAP)) return NONE;
        List<BpfMap> maps = walk.program().maps();
        for (int place = 0; place < maps.size(); place++) {
            if (maps.get(place) == pointer.map()) return place;
        }
        return NONE;
    }

    @Override
    public SlotFacts facts(Signs signs) {
        var arguments = new Target[MachineLimits.ARGUMENTS];
        var maps = new OptionalInt[MachineLimits.ARGUMENTS];
        for (int i = 0; i < MachineLimits.ARGUMENTS; i++) {
            boolean known = targets[i] != null;
            arguments[i] = known ? targets[i] : Target.ANY;
            boolean map = known && places[i] != NONE;
            maps[i] = map ? OptionalInt.of(places[i]) : OptionalInt.empty();
        }
        return new SlotFacts(Target.ANY, List.of(arguments), List.of(maps), false, false);
    }
}
