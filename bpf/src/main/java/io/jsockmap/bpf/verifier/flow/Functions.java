package io.jsockmap.bpf.verifier.flow;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Subprogram;
import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The functions of a program, by the slots at which they begin. */
public final class Functions {
    private final Program program;
    private final NavigableSet<Integer> starts = new TreeSet<>();

    Functions(Program program) {
        this.program = program;
        starts.add(0);
        for (int slot = 0; slot < program.code().size(); slot++) {
            var instruction = program.slot(slot);
            if (instruction == null || !instruction.namesFunction()) continue;
            int named = (int) instruction.functionAt(slot);
            if (named < 0 || named >= program.code().size()) {
                throw new Refused(
                        Rule.JUMP_TARGET, Errno.EINVAL, "call to invalid destination", List.of());
            }
            starts.add(named);
        }
    }

    /** Where they begin, in order. */
    public List<Integer> starts() {
        return new ArrayList<>(starts);
    }

    /** Where the function begins that has the instruction at a slot. */
    public int startOf(int slot) {
        return starts.floor(slot);
    }

    /** Behind the last slot of the function that begins there. */
    public int endOf(int start) {
        var next = starts.higher(start);
        return next == null ? program.code().size() : next;
    }

    /** A function's place among all, from 0, as logs number them. */
    public int number(int start) {
        return starts.headSet(start).size();
    }

    /** What the object file says of the function that begins there. */
    public Optional<Subprogram> subprogram(int start) {
        return program.debug().functions().stream().filter(f -> f.start() == start).findFirst();
    }

    /** Whether the function is verified by itself, by its prototype. */
    public boolean isGlobal(int start) {
        return start != 0 && subprogram(start).map(Subprogram::global).orElse(false);
    }

    /** Its name, or {@code unknown}. */
    public String name(int start) {
        return subprogram(start).map(Subprogram::name).orElse("unknown");
    }
}
