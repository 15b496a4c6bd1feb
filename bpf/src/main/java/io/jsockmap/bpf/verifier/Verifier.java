package io.jsockmap.bpf.verifier;

import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.explore.Exploration;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.flow.Refused;
import io.jsockmap.bpf.verifier.flow.StackDepth;
import io.jsockmap.bpf.verifier.log.VerifierLog;
import io.jsockmap.bpf.verifier.proof.Collector;
import io.jsockmap.bpf.verifier.rule.Refusal;
import io.jsockmap.bpf.verifier.rule.Statistics;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.state.Trail;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Proves of a program, before it sees a byte, that it does nothing that no program may: by the
 * rules of Linux 6.18, whose answer it gives.
 *
 * <p>There is no speculation on memory that programs can't address here, so what Linux adds against
 * it is left out.
 *
 * {@snippet class="io.jsockmap.bpf.examples.VerifierExamples" region="refused"}
 */
public final class Verifier {
    private static final Statistics NOTHING = new Statistics(0, 0, 0, 0);

    /** Instructions of the path that a refusal keeps. */
    private static final int MAX_PATH = 4096;

    private Verifier() {}

    /** Verifies a program. It is not run, and nothing of it or its maps is changed. */
    public static Verification verify(Program program, Options options) {
        var log = VerifierLog.of(options.log(), program);
        ControlFlow flow;
        try {
            flow = new ControlFlow(program);
        } catch (Refused refused) {
            var refusal = refusal(program, refused, 0, List.of());
            return verification(program, Optional.of(refusal), Optional.empty(), NOTHING, log);
        }
        log.begin(flow);
        var collector = new Collector(program, log);
        var exploration = new Exploration(program, flow, options.mayLeakPointers(), collector);
        Optional<Refusal> refusal = Optional.empty();
        try {
            exploration.explore(start(), 0);
            log.accepted();
            exploreGlobals(exploration, log);
            var walk = exploration.walk();
            var later = exploration.calls().calledOnlyLater();
            new StackDepth(program, flow.functions(), walk.stackDepths(), later).check();
        } catch (Refused refused) {
            var walk = exploration.walk();
            refusal = Optional.of(refusal(program, refused, walk.slot(), path(walk)));
        }
        Optional<Facts> facts = Optional.empty();
        if (refusal.isEmpty()) facts = Optional.of(collector.facts(exploration.walk()));
        return verification(program, refusal, facts, exploration.statistics(), log);
    }

    private static Verification verification(
            Program program,
            Optional<Refusal> refusal,
            Optional<Facts> facts,
            Statistics statistics,
            VerifierLog log) {
        refusal.ifPresent(r -> log.refused(r.message()));
        log.summary(statistics);
        return new Verification(program, refusal, facts, statistics, log.text());
    }

    /** Each global function by itself: it was assumed to be valid wherever it is called. */
    private static void exploreGlobals(Exploration exploration, VerifierLog log) {
        Set<Integer> explored = new HashSet<>();
        boolean more = true;
        while (more) {
            more = false;
            for (int function : List.copyOf(exploration.calls().globals())) {
                if (!explored.add(function)) continue;
                var functions = exploration.walk().flow().functions();
                log.validating(functions.name(function), functions.number(function));
                exploration.explore(exploration.calls().startOf(function), function);
                log.accepted();
                log.validated(functions.name(function), functions.number(function));
                more = true;
            }
        }
    }

    private static State start() {
        var state = State.at(0, Frame.Call.PLAIN);
        state.set(1, Pointer.to(PointerKind.CONTEXT));
        return state;
    }

    private static List<Integer> path(Walk walk) {
        return Trail.path(
                walk.state().trail().orElse(null),
                walk.slot(),
                MAX_PATH,
                slot -> walk.program().slot(slot).slots());
    }

    private static Refusal refusal(Program program, Refused refused, int slot, List<Integer> path) {
        return new Refusal(
                refused.rule(),
                refused.errno(),
                refused.getMessage(),
                slot,
                program.lineOf(slot),
                refused.registers(),
                path);
    }
}
