package io.jsockmap.bpf.verifier.proof;

import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.MachineLimits;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.SlotFacts;
import io.jsockmap.bpf.program.StackUse;
import io.jsockmap.bpf.verifier.explore.Log;
import io.jsockmap.bpf.verifier.flow.Signs;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Gathers what all paths of a program have in common, while they are walked. */
public final class Collector implements Log {
    /** Helpers that print, and read texts from where numbers say: with bpf_snprintf_btf. */
    private static final Set<Integer> PRINTING = Set.of(6, 149, 165, 177);

    private final Program program;
    private final Site[] sites;
    private final Log next;

    /**
     * @param next who is told besides
     */
    public Collector(Program program, Log next) {
        this.program = program;
        this.next = next;
        sites = new Site[program.code().size()];
    }

    @Override
    public void begins(Walk walk) {
        next.begins(walk);
    }

    @Override
    public void resumes(Walk walk, int from) {
        next.resumes(walk, from);
    }

    @Override
    public void before(Walk walk) {
        var site = sites[walk.slot()];
        if (site == null) {
            site = Site.at(walk);
            sites[walk.slot()] = site;
        }
        site.before(walk);
        next.before(walk);
    }

    @Override
    public void after(Walk walk, int slot) {
        next.after(walk, slot);
    }

    @Override
    public void forks() {
        next.forks();
    }

    @Override
    public void known(Walk walk) {
        next.known(walk);
    }

    /**
     * What was found.
     *
     * @param walk the one that all functions were explored by; the program is accepted
     */
    public Facts facts(Walk walk) {
        var signs = needsSigns() ? new Signs(program, walk.flow().functions()) : null;
        var slots = new SlotFacts[sites.length];
        for (int slot = 0; slot < sites.length; slot++) {
            if (sites[slot] != null) slots[slot] = sites[slot].facts(signs);
        }
        Map<Integer, StackUse> stacks = new HashMap<>();
        boolean anywhere = readsAnywhere();
        for (int start : walk.flow().functions().starts()) {
            stacks.put(start, stack(walk, start, anywhere));
        }
        return new Facts(Arrays.asList(slots), stacks);
    }

    private boolean needsSigns() {
        for (var site : sites)
            if (site instanceof OperandSite operands && operands.hasNumber()) return true;
        return false;
    }

    private StackUse stack(Walk walk, int start, boolean anywhere) {
        boolean escapes = escapes(start, walk.flow().functions().endOf(start));
        var shared = walk.shared().of(start);
        // An address that was made a number somewhere may be one of this frame.
        if (anywhere && escapes) {
            shared = new BitSet(MachineLimits.STACK);
            shared.set(0, MachineLimits.STACK);
        }
        int depth = walk.stackDepths().getOrDefault(start, 0);
        return new StackUse(shared, -depth, escapes);
    }

    private boolean escapes(int start, int end) {
        for (int slot = start; slot < end; slot++) {
            if (sites[slot] != null && Site.lendsFrame(program.slot(slot))) return true;
        }
        return false;
    }

    /** Whether the program calls a helper that reads where a number says. */
    private boolean readsAnywhere() {
        for (int slot = 0; slot < sites.length; slot++) {
            if (!(sites[slot] instanceof CallSite)) continue;
            var i = program.slot(slot);
            if (i.calls(Callee.HELPER) && readsAnywhere((int) i.immediate())) return true;
        }
        return false;
    }

    private boolean readsAnywhere(int helper) {
        return PRINTING.contains(helper)
                || program.type()
                        .helper(helper)
                        .map(h -> h.arguments().contains(Helper.Argument.ANYTHING))
                        .orElse(true);
    }
}
