package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program before its jumps are counted and its maps made.
 *
 * @param lines its lines; references to maps hold the {@link FuzzMap}'s number
 */
record Draft(ProgramType type, List<Line> lines) {

    Draft {
        lines = List.copyOf(lines);
    }

    /** The same with other lines. */
    Draft with(List<Line> others) {
        return new Draft(type, others);
    }

    /** Its instructions, in order. */
    List<Line.Op> operations() {
        return lines.stream().filter(Line.Op.class::isInstance).map(Line.Op.class::cast).toList();
    }

    /** The maps that it refers to. */
    Set<FuzzMap> maps() {
        var used = EnumSet.noneOf(FuzzMap.class);
        for (var op : operations()) {
            if (isMap(op.instruction())) used.add(mapOf(op.instruction()));
        }
        return used;
    }

    /**
     * The program, with new maps.
     *
     * @throws IllegalArgumentException if a jump is too long or has no target
     */
    Program program() {
        return program(type, new EnumMap<>(FuzzMap.class), Debug.NONE);
    }

    /**
     * The program as one of that type, which calls itself the same.
     *
     * @param shared maps that exist already; those that are made are put into it
     * @throws IllegalArgumentException if a jump is too long or has no target
     */
    Program program(ProgramType type, Map<FuzzMap, BpfMap> shared, Debug debug) {
        var used = List.copyOf(maps());
        List<BpfMap> made = new ArrayList<>();
        for (var map : used) made.add(shared.computeIfAbsent(map, FuzzMap::create));
        return new Program("fuzz", type, code(used), made, debug);
    }

    private Code code(List<FuzzMap> places) {
        var labels = labels();
        List<Instruction> code = new ArrayList<>();
        int slot = 0;
        for (var op : operations()) {
            code.add(resolved(op, slot, labels, places));
            slot += op.instruction().slots();
        }
        return Code.of(code);
    }

    private Map<String, Integer> labels() {
        Map<String, Integer> labels = new HashMap<>();
        int slot = 0;
        for (var line : lines) {
            switch (line) {
                case Line.Label(var name) -> labels.put(name, slot);
                case Line.Op(var instruction, _) -> slot += instruction.slots();
            }
        }
        return labels;
    }

    private static Instruction resolved(
            Line.Op op, int slot, Map<String, Integer> labels, List<FuzzMap> places) {
        var i = op.instruction();
        if (isMap(i)) {
            int place = places.indexOf(mapOf(i));
            return i.withImmediate(i.immediate() & ~0xffff_ffffL | place);
        }
        if (!op.hasTarget()) return i;
        var target = labels.get(op.target());
        if (target == null) throw new IllegalArgumentException("no label " + op.target());
        int distance = target - slot - 1;
        return switch (i.operation()) {
            case Call _, LoadImmediate _ -> i.withImmediate(distance);
            case Goto(boolean far) when far -> i.withImmediate(distance);
            default -> new Instruction(i.opcode(), i.dst(), i.src(), distance, i.immediate());
        };
    }

    static boolean isMap(Instruction i) {
        return i.operation() instanceof LoadImmediate(var kind)
                && (kind == ImmediateKind.MAP || kind == ImmediateKind.MAP_VALUE);
    }

    static FuzzMap mapOf(Instruction i) {
        return FuzzMap.at((int) i.immediate());
    }

    /** The code of a case of the corpus. */
    String text() {
        return DraftText.of(this);
    }

    @Override
    public String toString() {
        return type + ":\n" + text();
    }
}
