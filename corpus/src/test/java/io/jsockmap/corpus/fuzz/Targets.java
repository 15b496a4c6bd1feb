package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Operation.MayGoto;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.verifier.Options;
import io.jsockmap.bpf.verifier.Verifier;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Programs that others jump to. For one thread. */
final class Targets {
    private static final int MANY = 24;

    private final Map<ProgramType, List<Case.Part>> made = new HashMap<>();

    /** Two of a type; the same dice give the same. */
    List<Case.Part> of(ProgramType type, RandomGenerator random) {
        var all = made.computeIfAbsent(type, Targets::make);
        return List.of(all.get(random.nextInt(MANY)), all.get(random.nextInt(MANY)));
    }

    private static List<Case.Part> make(ProgramType type) {
        List<Case.Part> found = new ArrayList<>();
        for (long seed = -1; found.size() < MANY; seed--) {
            var draft = Generator.draft(seed, 1);
            if (!draft.type().equals(type) || loops(draft)) continue;
            var whole = settingRegisters(draft);
            var verification = Verifier.verify(whole.program(), Options.DEFAULT);
            if (!verification.isAccepted()) continue;
            found.add(new Case.Part(whole, verification.facts()));
        }
        return found;
    }

    private static boolean loops(Draft draft) {
        return draft.operations().stream()
                .anyMatch(op -> op.instruction().operation() instanceof MayGoto);
    }

    /**
     * What the program before left in registers is not to be read, and the interpreter alone keeps
     * it: so it is overwritten.
     */
    private static Draft settingRegisters(Draft draft) {
        List<Line> lines = new ArrayList<>();
        for (int register = 0; register < 10; register++) {
            if (register != 1) lines.add(new Line.Op(Insns.set(register, register)));
        }
        lines.addAll(draft.lines());
        return draft.with(lines);
    }
}
