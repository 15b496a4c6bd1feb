package io.jsockmap.bpf.verifier.explain;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.explain.Step.Kind;
import io.jsockmap.bpf.verifier.flow.RegisterUse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Goes a path backwards from its end, and keeps the instructions that made certain registers what
 * they are: through copies, arithmetic, the stack and calls.
 */
final class Slice {
    /** What is looked for in one function: registers by bits, and bytes of its stack. */
    private static final class Wanted {
        private int registers;
        private final Set<Integer> stack = new TreeSet<>();

        Wanted(int registers) {
            this.registers = registers;
        }
    }

    private final Program program;
    private final CallWords calls;
    private final List<Integer> path;
    private final List<Step> steps = new ArrayList<>();
    private final List<Step> losses = new ArrayList<>();
    private final Deque<Wanted> callers = new ArrayDeque<>();
    private Wanted wanted;

    private Slice(Program program, List<Integer> path, int registers) {
        this.program = program;
        this.calls = new CallWords(program);
        this.path = path;
        wanted = new Wanted(registers & ~(1 << Code.FRAME_POINTER));
    }

    /** The steps of a path whose last instruction has those registers, oldest first. */
    static List<Step> of(Program program, List<Integer> path, int registers) {
        var slice = new Slice(program, path, registers);
        for (int i = path.size() - 2; i >= 0; i--) slice.look(i);
        Collections.reverse(slice.steps);
        return slice.steps;
    }

    private void look(int index) {
        int slot = path.get(index);
        var i = program.slot(slot);
        if (i == null) return;
        switch (i.operation()) {
            case Exit _ -> enterBackwards();
            case Call(Callee callee) when callee == Callee.LOCAL -> leaveBackwards(slot);
            case Call _ -> call(slot, i);
            case Jump _ -> compare(index, slot, i);
            case Store(int size, Source source) -> store(slot, i, size, source);
            default -> write(slot, i);
        }
    }

    /** Behind an exit lies the function that was called: its result may be what is looked for. */
    private void enterBackwards() {
        boolean result = (wanted.registers & 1) != 0;
        wanted.registers &= ~1;
        callers.push(wanted);
        wanted = new Wanted(result ? 1 : 0);
    }

    private void leaveBackwards(int slot) {
        int arguments = wanted.registers & 0x3e;
        boolean inside = callers.isEmpty();
        wanted = inside ? new Wanted(0) : callers.pop();
        if (!inside && (wanted.registers & RegisterUse.CLOBBERED) != 0) clobbers(slot);
        wanted.registers |= arguments;
    }

    private void clobbers(int slot) {
        wanted.registers &= ~RegisterUse.CLOBBERED;
        add(slot, Kind.CLOBBERS, "a call leaves nothing in R1 to R5");
    }

    private void call(int slot, Instruction i) {
        if (calls.changesPacket(i)) {
            losses.add(
                    new Step(
                            slot,
                            Kind.CHANGES_PACKET,
                            "pointers into the packet are invalid after it"));
        }
        if (calls.releases(i)) {
            losses.add(new Step(slot, Kind.RELEASES, "what is given back can't be used after it"));
        }
        boolean result = (wanted.registers & 1) != 0;
        if ((wanted.registers & RegisterUse.CLOBBERED & ~1) != 0) clobbers(slot);
        wanted.registers &= ~RegisterUse.CLOBBERED;
        if (!result) return;
        if (calls.acquires(i)) lose(Kind.RELEASES);
        add(slot, Kind.SETS, calls.mayGiveNull(i) ? "sets R0, which may be null" : "sets R0");
    }

    private void compare(int index, int slot, Instruction i) {
        if ((RegisterUse.read(program, i) & wanted.registers) == 0) return;
        boolean taken = path.get(index + 1) == i.jumpTarget(slot);
        boolean same = i.offset() == 0;
        add(slot, Kind.COMPARES, same ? "either way" : taken ? "taken" : "not taken");
    }

    private void store(int slot, Instruction i, int size, Source source) {
        if (i.dst() != Code.FRAME_POINTER) return;
        boolean hit = false;
        for (int at = i.offset(); at < i.offset() + size; at++) hit |= wanted.stack.remove(at);
        if (!hit) return;
        if (source == Source.REGISTER) wanted.registers |= 1 << i.src();
        add(slot, Kind.SETS, "stores it on the stack");
    }

    private void write(int slot, Instruction i) {
        int written = RegisterUse.written(i) & wanted.registers;
        if (written == 0) return;
        wanted.registers &= ~written;
        switch (i.operation()) {
            case Load(int size, boolean _) when i.src() == Code.FRAME_POINTER -> {
                for (int at = 0; at < size; at++) wanted.stack.add(i.offset() + at);
            }
            case Load(int size, boolean _) -> loaded(i, size);
            case LoadImmediate _ -> {}
            default ->
                    wanted.registers |= RegisterUse.read(program, i) & ~(1 << Code.FRAME_POINTER);
        }
        add(slot, Kind.SETS, "sets R%d".formatted(Integer.numberOfTrailingZeros(written)));
    }

    private void loaded(Instruction i, int size) {
        var content =
                program.type()
                        .context()
                        .field(i.offset())
                        .filter(field -> field.mayLoad(i.offset(), size))
                        .map(field -> field.content());
        boolean packet =
                content.filter(
                                c ->
                                        c instanceof Content.PacketStart
                                                || c instanceof Content.PacketEnd)
                        .isPresent();
        if (packet) lose(Kind.CHANGES_PACKET);
    }

    /** A register turns out to be of a kind that calls on the way have made invalid. */
    private void lose(Kind kind) {
        for (var loss : losses) {
            if (loss.kind() == kind && !steps.contains(loss)) steps.add(loss);
        }
        steps.sort((a, b) -> Integer.compare(lastIndex(b), lastIndex(a)));
    }

    private int lastIndex(Step step) {
        return path.lastIndexOf(step.slot());
    }

    private void add(int slot, Kind kind, String note) {
        boolean known = steps.stream().anyMatch(s -> s.slot() == slot && s.kind() == kind);
        if (!known) steps.add(new Step(slot, kind, note));
    }
}
