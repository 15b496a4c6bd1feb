package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The stacks of all functions that may be running at once have 512 bytes together. */
public final class StackDepth {
    private static final int MOST_BEFORE_TAIL_CALL = 256;

    /** The stack of a function has a multiple of these bytes. */
    private static final int UNIT = 16;

    private final Program program;
    private final Functions functions;
    private final Map<Integer, Integer> depths;
    private final Set<Integer> later;
    private final Map<Integer, Set<Integer>> called = new HashMap<>();

    /** For each function the most bytes before it with which it was walked, by how many calls. */
    private final Map<Integer, int[]> walked = new HashMap<>();

    /**
     * @param depths bytes of stack that a function was seen to use, by its start
     * @param later functions that only timers call, on a stack of their own
     */
    public StackDepth(
            Program program,
            Functions functions,
            Map<Integer, Integer> depths,
            Set<Integer> later) {
        this.program = program;
        this.functions = functions;
        this.depths = depths;
        this.later = later;
    }

    /**
     * Adds up the stacks of all chains of calls.
     *
     * @throws Refused if a chain needs more
     */
    public void check() {
        check(0, 0, 1);
        for (int function : later) check(function, 0, 1);
    }

    private void check(int function, int before, int calls) {
        if (isWalked(function, before, calls)) return;
        int depth = before + Math.ceilDiv(depths.getOrDefault(function, 0), UNIT) * UNIT;
        if (function != 0 && before >= MOST_BEFORE_TAIL_CALL && makesTailCalls(function)) {
            throw refused(
                    Errno.EACCES,
                    "tail_calls are not allowed when call stack of previous frames is %d bytes."
                            + " Too large",
                    before);
        }
        if (depth > MachineLimits.STACK) {
            throw refused(
                    Errno.EACCES, "combined stack size of %d calls is %d. Too large", calls, depth);
        }
        for (int next : called.computeIfAbsent(function, this::calledBy)) {
            if (calls == MachineLimits.FRAMES) {
                throw new Refused(
                        Rule.CALL_DEPTH,
                        Errno.E2BIG,
                        "the call stack of %d frames is too deep !".formatted(calls),
                        List.of());
            }
            check(next, depth, calls + 1);
        }
    }

    /** Whether a chain of at least as many calls and bytes came to the function before. */
    private boolean isWalked(int function, int before, int calls) {
        var most = walked.computeIfAbsent(function, _ -> new int[MachineLimits.FRAMES + 1]);
        for (int more = calls; more <= MachineLimits.FRAMES; more++)
            if (most[more] > before) return true;
        most[calls] = before + 1;
        return false;
    }

    private Set<Integer> calledBy(int function) {
        Set<Integer> called = new LinkedHashSet<>();
        for (int slot = function; slot < functions.endOf(function); slot++) {
            var i = program.slot(slot);
            if (i == null || !i.namesFunction()) continue;
            int named = (int) i.functionAt(slot);
            if (i.calls(Callee.LOCAL) || !later.contains(named)) called.add(named);
        }
        return called;
    }

    private boolean makesTailCalls(int function) {
        for (int slot = function; slot < functions.endOf(function); slot++) {
            var i = program.slot(slot);
            if (i != null && program.mayCall(i, CallTrait.TAIL_CALL)) return true;
        }
        return false;
    }

    private static Refused refused(Errno errno, String format, Object... values) {
        return new Refused(Rule.STACK_DEPTH, errno, format.formatted(values), List.of());
    }
}
