package io.jsockmap.bpf.verifier.explain;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Exit;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.verifier.explain.Step.Kind;
import io.jsockmap.bpf.verifier.flow.RegisterUse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes a path forwards and finds the comparisons with the packet's end: through whichever copies of
 * the pointer they were made.
 */
final class PacketChecks {
    private enum What {
        CONTEXT,
        CONSTANT,
        PACKET,
        END
    }

    /**
     * What a register or a place on the stack holds.
     *
     * @param origin tells pointers into the packet apart whose distance is not known: 0 for those
     *     at a known distance from its start
     */
    private record Held(What what, int origin) {}

    private record Check(Step step, int origin) {}

    /** A function that runs. */
    private static final class Frame {
        private final Held[] registers = new Held[Code.FRAME_POINTER + 1];
        private final Map<Integer, Held> stack = new HashMap<>();

        void forgetPacket() {
            for (int i = 0; i < registers.length; i++) {
                if (isOfPacket(registers[i])) registers[i] = null;
            }
            stack.values().removeIf(Frame::isOfPacket);
        }

        private static boolean isOfPacket(Held held) {
            return held != null && (held.what() == What.PACKET || held.what() == What.END);
        }
    }

    private final Program program;
    private final CallWords calls;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private final List<Check> checks = new ArrayList<>();
    private Optional<Step> lost = Optional.empty();

    private PacketChecks(Program program) {
        this.program = program;
        calls = new CallWords(program);
        frames.push(new Frame());
        frame().registers[1] = new Held(What.CONTEXT, 0);
    }

    /**
     * The comparisons that count for a pointer into the packet at the end of a path, oldest first;
     * without any, the call that made those before it worthless.
     */
    static List<Step> of(Program program, List<Integer> path, int register) {
        var checks = new PacketChecks(program);
        for (int i = 0; i + 1 < path.size(); i++) checks.look(path.get(i), path.get(i + 1), i);
        var pointer = checks.frame().registers[register];
        int origin = pointer == null ? 0 : pointer.origin();
        var counting =
                checks.checks.stream().filter(c -> c.origin() == origin).map(Check::step).toList();
        return counting.isEmpty() ? checks.lost.stream().toList() : counting;
    }

    private Frame frame() {
        return frames.getFirst();
    }

    private void look(int slot, int next, int index) {
        var i = program.slot(slot);
        if (i == null) return;
        switch (i.operation()) {
            case Call _ -> call(slot, next, i);
            case Exit _ -> leave();
            case Jump _ -> compare(slot, next, i);
            case Store(int _, Source source) -> store(i, source);
            default -> write(i, index);
        }
    }

    private void call(int slot, int next, Instruction i) {
        if (next != slot + 1) {
            enter();
            return;
        }
        if (calls.changesPacket(i)) {
            if (!checks.isEmpty()) {
                lost =
                        Optional.of(
                                new Step(
                                        slot,
                                        Kind.CHANGES_PACKET,
                                        "what was compared before" + " does not count after it"));
            }
            checks.clear();
            frames.forEach(Frame::forgetPacket);
        }
        for (int r = 0; r <= 5; r++) frame().registers[r] = null;
    }

    private void enter() {
        var callee = new Frame();
        for (int r = 1; r <= 5; r++) {
            callee.registers[r] = frame().registers[r];
            frame().registers[r] = null;
        }
        frames.push(callee);
    }

    private void leave() {
        if (frames.size() == 1) return;
        var result = frames.pop().registers[0];
        frame().registers[0] = result;
    }

    private void compare(int slot, int next, Instruction i) {
        if (i.operation() instanceof Jump(var _, int _, Source source)
                && source == Source.REGISTER) {
            var one = frame().registers[i.dst()];
            var other = frame().registers[i.src()];
            if (!Frame.isOfPacket(one) || !Frame.isOfPacket(other)) return;
            if (one.what() == other.what()) return;
            var note = next == i.jumpTarget(slot) ? "taken" : "not taken";
            var step = new Step(slot, Kind.MEETS_END, "compares with data_end, " + note);
            checks.add(new Check(step, one.what() == What.END ? other.origin() : one.origin()));
        }
    }

    private void store(Instruction i, Source source) {
        if (i.dst() != Code.FRAME_POINTER) return;
        var held = source == Source.REGISTER ? frame().registers[i.src()] : null;
        if (held == null) frame().stack.remove(i.offset());
        else frame().stack.put(i.offset(), held);
    }

    private void write(Instruction i, int index) {
        var registers = frame().registers;
        var result =
                switch (i.operation()) {
                    case Load(int size, boolean _) -> loaded(i, size);
                    case Alu(AluOp op, int bits, Source source)
                            when bits == 64 || op == AluOp.MOV && source == Source.IMMEDIATE ->
                            computed(i, op, source, index);
                    default -> null;
                };
        int written = RegisterUse.written(i);
        for (int r = 0; r < Code.FRAME_POINTER; r++) {
            if ((written & 1 << r) != 0) registers[r] = r == i.dst() ? result : null;
        }
    }

    private Held loaded(Instruction i, int size) {
        if (i.src() == Code.FRAME_POINTER) return frame().stack.get(i.offset());
        var base = frame().registers[i.src()];
        if (base == null || base.what() != What.CONTEXT) return null;
        return program.type()
                .context()
                .field(i.offset())
                .filter(field -> field.mayLoad(i.offset(), size))
                .map(PacketChecks::content)
                .orElse(null);
    }

    private static Held content(ContextField<?> field) {
        return switch (field.content()) {
            case Content.PacketStart _ -> new Held(What.PACKET, 0);
            case Content.PacketEnd _ -> new Held(What.END, 0);
            default -> null;
        };
    }

    private Held computed(Instruction i, AluOp op, Source source, int index) {
        var operand =
                source == Source.REGISTER ? frame().registers[i.src()] : new Held(What.CONSTANT, 0);
        var before = frame().registers[i.dst()];
        return switch (op) {
            case MOV -> operand;
            case ADD ->
                    Frame.isOfPacket(before)
                            ? moved(before, operand, index)
                            : moved(operand, before, index);
            case SUB -> moved(before, operand, index);
            default -> null;
        };
    }

    /** A pointer after a number was added: by one that is not known its distance is another. */
    private static Held moved(Held pointer, Held number, int index) {
        if (number != null && number.what() == What.CONSTANT) return pointer;
        return Frame.isOfPacket(pointer) ? new Held(pointer.what(), index + 1) : null;
    }
}
