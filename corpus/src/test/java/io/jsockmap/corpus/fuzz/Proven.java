package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.Alu;
import io.jsockmap.bpf.insn.Operation.Atomic;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Jump;
import io.jsockmap.bpf.insn.Operation.Load;
import io.jsockmap.bpf.insn.Operation.Store;
import io.jsockmap.bpf.insn.Source;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Facts;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Run;
import io.jsockmap.bpf.program.Target;
import io.jsockmap.bpf.verifier.flow.ControlFlow;

import java.util.Optional;
import java.util.TreeSet;

/** Holds what was proved of a program against what its run finds in front of each instruction. */
final class Proven {
    private static final int FRAME = 512;

    private final Program program;
    private final Facts facts;
    private final TreeSet<Integer> functions;

    /**
     * @param program the program, which is verified
     */
    Proven(Program program, Facts facts) {
        this.program = program;
        this.facts = facts;
        functions = new TreeSet<>(new ControlFlow(program).functions().starts());
    }

    /**
     * What does not hold, if anything.
     *
     * @param r R0 to R9, and the frame pointer behind them
     */
    Optional<String> contradiction(int slot, long[] r, Run run) {
        var i = program.slot(slot);
        var wrong = facts.isReached(slot) ? wrong(slot, i, r, run) : "it is reached";
        return Optional.ofNullable(wrong).map(what -> "instruction %d: %s".formatted(slot, what));
    }

    private String wrong(int slot, Instruction i, long[] r, Run run) {
        return switch (i.operation()) {
            case Load(int size, var _) -> access(slot, r[i.src()], i.offset(), size, r, run);
            case Store(int size, var _) -> access(slot, r[i.dst()], i.offset(), size, r, run);
            case Atomic(AtomicOp op, int size) -> {
                long base = r[op == AtomicOp.LOAD_ACQUIRE ? i.src() : i.dst()];
                yield access(slot, base, i.offset(), size, r, run);
            }
            case Call _ -> arguments(slot, r, run);
            case Jump jump -> signs(slot, r[i.dst()], right(i, jump.source(), r));
            case Alu alu -> division(slot, alu, r[i.dst()], right(i, alu.source(), r));
            default -> null;
        };
    }

    private static long right(Instruction i, Source source, long[] r) {
        return source == Source.REGISTER ? r[i.src()] : i.immediate();
    }

    // --- Memory ----------------------------------------------------------------------------------

    private String access(int slot, long base, int step, int size, long[] r, Run run) {
        var target = facts.target(slot);
        if (!isAt(target, base, step, r, run)) {
            return "0x%x%+d is not %s".formatted(base, step, target);
        }
        if (target instanceof Target.Stack) return null;
        long offset = base + step - r[Code.FRAME_POINTER];
        if (offset < -FRAME || offset >= 0) return null;
        int function = functions.floor(slot);
        for (long at = offset; at < offset + size; at++) {
            if (facts.stack(function).isDirect((int) at)) return "byte %d is direct".formatted(at);
        }
        return offset < facts.lowest(function) ? offset + " is below the lowest" : null;
    }

    /**
     * @param step how much the target is further than the pointer
     */
    private static boolean isAt(Target target, long base, int step, long[] r, Run run) {
        var memory = run.memory();
        return switch (target) {
            case Target.Any _ -> true;
            case Target.Stack(int offset) -> base + step == r[Code.FRAME_POINTER] + offset;
            case Target.Frame _ -> {
                long offset = base + step - r[Code.FRAME_POINTER];
                yield offset >= -FRAME && offset <= 0;
            }
            case Target.Context(int offset) ->
                    starts(base + step - offset, memory)
                            .filter(c -> c.layout() == run.program().type().context())
                            .isPresent();
            // What is shown as a struct sock_common may be more.
            case Target.Structure(var _, int offset) ->
                    starts(base + step - offset, memory).isPresent();
            case Target.Packet _ -> base >= 0 && base < 1 << 20 || isPacket(base, memory);
            case Target.Plain _ ->
                    !(region(base, memory) instanceof ContextRegion) && !isPacket(base, memory);
        };
    }

    private static Optional<ContextRegion<?>> starts(long address, Memory memory) {
        try {
            return Optional.of(memory.regionAt(address, ContextRegion.class, "a structure"));
        } catch (MemoryFault _) {
            return Optional.empty();
        }
    }

    private static Region region(long address, Memory memory) {
        return memory.regionOf(address, Region.class, "anything");
    }

    private static boolean isPacket(long address, Memory memory) {
        return region(address, memory).name().contains("packet");
    }

    // --- Calls -----------------------------------------------------------------------------------

    private String arguments(int slot, long[] r, Run run) {
        for (int register = 1; register <= 5; register++) {
            var target = facts.argument(slot, register);
            if (!isAt(target, r[register], 0, r, run)) {
                return "r%d = 0x%x is not %s".formatted(register, r[register], target);
            }
            var place = facts.map(slot, register);
            if (place.isPresent() && !isMap(place.getAsInt(), r[register], run)) {
                return "r%d is not map %d".formatted(register, place.getAsInt());
            }
        }
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // a map is itself only
    private boolean isMap(int place, long address, Run run) {
        var maps = program.maps();
        return place < maps.size() && run.map(address) == maps.get(place);
    }

    // --- Numbers ---------------------------------------------------------------------------------

    private String signs(int slot, long left, long right) {
        boolean holds = !facts.nonNegative(slot) || left >= 0 && right >= 0;
        return holds ? null : "%d or %d is negative".formatted(left, right);
    }

    private String division(int slot, Alu alu, long left, long right) {
        boolean zero = alu.bits() == 64 ? right == 0 : (int) right == 0;
        if (facts.nonZero(slot) && zero) return "the divisor is 0";
        return signs(slot, left, right);
    }
}
