package io.jsockmap.testkit.lint.flow;

import io.jsockmap.bpf.insn.AluOp;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.JumpOp;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.LegacyLoad;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.insn.Operation.SignExtend;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Operation.Swap;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.program.CallTrait;
import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.Helper.Argument;
import io.jsockmap.bpf.program.Helper.Result;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.testkit.lint.flow.Value.Constant;
import io.jsockmap.testkit.lint.flow.Value.Context;
import io.jsockmap.testkit.lint.flow.Value.MapPointer;
import io.jsockmap.testkit.lint.flow.Value.Packet;
import io.jsockmap.testkit.lint.flow.Value.PacketEnd;
import io.jsockmap.testkit.lint.flow.Value.Stack;
import io.jsockmap.testkit.lint.flow.Value.Vague;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What an instruction does to what is known. */
final class Steps {
    /** The helper writes nothing by these. */
    private static final Set<Argument> ONLY_READ =
            EnumSet.of(
                    Argument.KEY,
                    Argument.VALUE,
                    Argument.VALUE_OR_NULL,
                    Argument.READABLE,
                    Argument.READABLE_OR_NULL,
                    Argument.CONTEXT,
                    Argument.MAP);

    private static final Set<Argument> SIZED =
            EnumSet.of(Argument.WRITABLE, Argument.WRITABLE_OR_NULL);

    private final Program program;

    Steps(Program program) {
        this.program = program;
    }

    /** Changes a state by any instruction but a call of a function of the program. */
    void step(int slot, Instruction i, State state) {
        switch (i.operation()) {
            case Alu alu -> {
                var dst = state.register(i.dst());
                set(state, i.dst(), Numbers.alu(alu, dst, operand(i, alu, slot, state), slot));
            }
            case SignExtend _ -> set(state, i.dst(), Vague.UNKNOWN);
            case Swap swap -> set(state, i.dst(), Numbers.swapped(swap, state.register(i.dst())));
            case Load(int size, boolean signed) ->
                    set(state, i.dst(), signed ? Vague.UNKNOWN : loaded(i, size, state));
            case LoadImmediate(ImmediateKind kind) -> set(state, i.dst(), immediate(slot, i, kind));
            case Store(int size, Source source) ->
                    store(i, size, operand(i, source, slot, state), state);
            case Atomic(var op, int size) -> atomic(i, op, size, state);
            case Call _ -> call(slot, i, state);
            case LegacyLoad _ -> forgetCallerSaved(state);
            default -> {}
        }
    }

    private static void atomic(Instruction i, AtomicOp op, int size, State state) {
        switch (op) {
            case LOAD_ACQUIRE -> set(state, i.dst(), Vague.UNKNOWN);
            case CMPXCHG -> {
                store(i, size, Vague.UNKNOWN, state);
                set(state, 0, Vague.UNKNOWN);
            }
            default -> {
                store(i, size, Vague.UNKNOWN, state);
                if (op.fetches()) set(state, i.src(), Vague.UNKNOWN);
            }
        }
    }

    private static void set(State state, int register, Value value) {
        if (register != Code.FRAME_POINTER) state.set(register, value);
    }

    private static Value operand(Instruction i, Alu alu, int slot, State state) {
        return alu.op() == AluOp.NEG ? Vague.UNKNOWN : operand(i, alu.source(), slot, state);
    }

    /** The second operand. */
    static Value operand(Instruction i, Source source, int slot, State state) {
        return source == Source.REGISTER
                ? state.register(i.src())
                : new Constant(i.immediate(), slot);
    }

    private static Value immediate(int slot, Instruction i, ImmediateKind kind) {
        return switch (kind) {
            case NUMBER -> new Constant(i.immediate(), slot);
            case MAP -> new MapPointer((int) i.immediate());
            default -> Vague.UNKNOWN;
        };
    }

    private Value loaded(Instruction i, int size, State state) {
        return switch (state.register(i.src())) {
            case Context(int offset) -> ofContext(offset + i.offset(), size);
            case Stack(int offset) ->
                    state.cell(offset + i.offset())
                            .filter(cell -> cell.size() == size)
                            .map(State.Cell::value)
                            .orElse(Vague.UNKNOWN);
            default -> Vague.UNKNOWN;
        };
    }

    private Value ofContext(int offset, int size) {
        return program.type()
                .context()
                .field(offset)
                .map(field -> ofField(field, offset, size))
                .orElse(Vague.UNKNOWN);
    }

    private static Value ofField(ContextField<?> field, int offset, int size) {
        boolean whole = offset == field.offset() && size == field.size();
        return switch (field.content()) {
            case Content.PacketStart _ -> whole ? new Packet() : Vague.UNKNOWN;
            case Content.PacketEnd _ -> whole ? new PacketEnd() : Vague.UNKNOWN;
            case Content.Pointer _ -> Vague.UNKNOWN;
            case Content.Scalar _ -> Ports.ofField(field.name(), offset - field.offset(), size);
        };
    }

    private static void store(Instruction i, int size, Value value, State state) {
        switch (state.register(i.dst())) {
            case Stack(int offset) ->
                    state.write(offset + i.offset(), size, Numbers.cut(value, size));
            case Vague.SOMEWHERE -> state.writtenFrom(-State.FRAME);
            default -> {
                // Whoever finds the pointer there may write by it.
                if (value.isOfStack()) state.writtenFrom(-State.FRAME);
            }
        }
    }

    private void call(int slot, Instruction i, State state) {
        var helper = program.type().called(i);
        if (helper.isEmpty()) {
            for (int r = 1; r <= 5; r++) handedOver(state.register(r), state);
            forgetCallerSaved(state);
            return;
        }
        written(helper.get().arguments(), state);
        if (helper.get().has(CallTrait.CHANGES_PACKET)) state.packetChanged();
        forgetCallerSaved(state);
        if (helper.get().result() == Result.NUMBER) {
            state.set(0, new Value.Result(slot, helper.get().number()));
        }
    }

    private static void written(List<Argument> arguments, State state) {
        for (int r = 1; r <= arguments.size(); r++) {
            var argument = arguments.get(r - 1);
            var value = state.register(r);
            if (!value.isOfStack() || ONLY_READ.contains(argument)) continue;
            var size = r < 5 ? state.register(r + 1).constant() : OptionalLong.empty();
            if (SIZED.contains(argument)
                    && value instanceof Stack(int offset)
                    && size.isPresent()) {
                int bytes = Math.clamp(size.getAsLong(), 0, State.FRAME);
                state.write(offset, bytes, Vague.UNKNOWN);
            } else {
                handedOver(value, state);
            }
        }
    }

    /** Somebody else has the pointer, and may write by it. */
    static void handedOver(Value value, State state) {
        if (value instanceof Stack(int offset)) state.writtenFrom(offset);
        else if (value.isOfStack()) state.writtenFrom(-State.FRAME);
    }

    static void forgetCallerSaved(State state) {
        for (int r = 0; r <= 5; r++) state.set(r, Vague.UNKNOWN);
    }

    /** What else is known where a jump is taken, or not: a result that equals a number is it. */
    static void refine(int slot, Instruction i, boolean taken, State state) {
        if (!(i.operation() instanceof Jump(JumpOp op, int _, Source source))) return;
        boolean equal = op == JumpOp.JEQ && taken || op == JumpOp.JNE && !taken;
        if (!equal || source != Source.IMMEDIATE) return;
        if (state.register(i.dst()) instanceof Value.Result) {
            set(state, i.dst(), new Constant(i.immediate(), slot));
        }
    }
}
