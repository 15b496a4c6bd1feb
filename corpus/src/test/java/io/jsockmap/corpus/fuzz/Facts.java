package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.explore.Exploration;
import io.jsockmap.bpf.verifier.explore.Log;
import io.jsockmap.bpf.verifier.flow.ControlFlow;
import io.jsockmap.bpf.verifier.state.Frame;
import io.jsockmap.bpf.verifier.state.Pointer;
import io.jsockmap.bpf.verifier.state.PointerKind;
import io.jsockmap.bpf.verifier.state.Reg;
import io.jsockmap.bpf.verifier.state.Scalar;
import io.jsockmap.bpf.verifier.state.State;
import io.jsockmap.bpf.verifier.state.Unreadable;
import io.jsockmap.bpf.verifier.step.Walk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the verifier believes at each instruction of a program that it accepts: the registers of all
 * states that it walked there. What a run finds in its registers must be in one of them.
 *
 * <p>Where a path was given up because a known state stands for it, only that counts on which a
 * decision hung.
 */
final class Facts implements Log {
    /** More are not kept; then nothing is said of the instruction. */
    private static final int MOST = 256;

    private final Map<Integer, List<Seen>> seen = new HashMap<>();
    private ControlFlow flow;
    private boolean cut;

    /** The registers of one state. */
    private record Seen(int frame, List<Reg> registers) {}

    private Facts() {}

    /** Walks the program, which the verifier accepts. */
    static Facts of(Program program) {
        var facts = new Facts();
        facts.flow = new ControlFlow(program);
        var start = State.at(0, Frame.Call.PLAIN);
        start.set(1, Pointer.to(PointerKind.CONTEXT));
        new Exploration(program, facts.flow, true, facts).explore(start, 0);
        return facts;
    }

    @Override
    public void before(Walk walk) {
        var states = seen.computeIfAbsent(walk.slot(), _ -> new ArrayList<>());
        if (states.size() > MOST) return;
        var state = walk.state();
        List<Reg> registers = new ArrayList<>();
        for (int i = 0; i < 10; i++) registers.add(state.register(i));
        states.add(new Seen(state.depth() - 1, registers));
    }

    @Override
    public void known(Walk walk) {
        cut = true;
    }

    /**
     * What is wrong with what a run found, if anything.
     *
     * @param registers R0 to R9, and the frame pointer behind them
     */
    Optional<String> contradiction(int slot, long[] registers) {
        var states = seen.getOrDefault(slot, List.of());
        if (states.size() > MOST) return Optional.empty();
        for (var state : states) if (allows(state, slot, registers)) return Optional.empty();
        return Optional.of(explain(slot, states, registers));
    }

    private boolean allows(Seen state, int slot, long[] registers) {
        for (int i = 0; i < state.registers.size(); i++) {
            if (!allows(state, slot, i, registers)) return false;
        }
        return true;
    }

    private boolean allows(Seen state, int slot, int index, long[] registers) {
        if (cut && (flow.liveAt(slot) >> index & 1) == 0) return true;
        long value = registers[index];
        return switch (state.registers.get(index)) {
            case Unreadable _ -> true;
            case Scalar scalar -> cut && !scalar.isPrecise() || scalar.bounds().contains(value);
            case Pointer pointer -> allows(pointer, value, registers[10], state.frame);
        };
    }

    private static boolean allows(Pointer pointer, long value, long framePointer, int frame) {
        // Of an event there is no packet: it begins and ends at 0.
        if (value == 0) return pointer.nullable() || pointer.isOfPacket();
        if (!pointer.is(PointerKind.STACK) || pointer.frame() != frame) return true;
        return pointer.variable().contains(value - framePointer - pointer.offset());
    }

    private String explain(int slot, List<Seen> states, long[] registers) {
        var text = new StringBuilder("instruction %d is reached with".formatted(slot));
        for (int i = 0; i < 10; i++) {
            int index = i;
            boolean allowed = states.stream().anyMatch(s -> allows(s, slot, index, registers));
            if (allowed) continue;
            text.append(" r%d = %d (0x%x), not in".formatted(i, registers[i], registers[i]));
            states.stream()
                    .limit(4)
                    .forEach(s -> text.append(" [").append(show(s, index)).append(']'));
        }
        return text.append(", %d states".formatted(states.size())).toString();
    }

    private static String show(Seen state, int index) {
        return switch (state.registers.get(index)) {
            case Scalar scalar -> scalar.bounds().toString();
            case Pointer pointer -> pointer.word() + " " + pointer.offset() + pointer.variable();
            case Unreadable _ -> "?";
        };
    }
}
