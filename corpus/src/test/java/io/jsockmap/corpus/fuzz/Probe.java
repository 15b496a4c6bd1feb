package io.jsockmap.corpus.fuzz;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.Call;
import io.jsockmap.bpf.insn.Operation.Callee;
import io.jsockmap.bpf.insn.Operation.Goto;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The same program, telling its registers in front of each instruction: it puts them at the far end
 * of its stack, calls a helper that only it has, and takes them back.
 */
final class Probe {
    private static final int HELPER = 9999;
    private static final int AREA = -512;
    private static final int REGISTERS = 10;

    /** Slots in front of each instruction. */
    private static final int SLOTS = 2 * REGISTERS + 4;

    private final Program program;
    private final Map<Integer, Integer> places = new HashMap<>();

    private Probe(Program program) {
        this.program = program;
    }

    /** Is told what a run finds. */
    interface Listener {
        /**
         * An instruction is about to be executed.
         *
         * @param registers R0 to R9, and the frame pointer
         */
        void reached(int slot, long[] registers, Run run);
    }

    /** Whether jumps reach as far as they must. */
    static boolean fits(Program program) {
        return program.code().size() < Short.MAX_VALUE / (SLOTS + 2);
    }

    static Program of(Program program, Listener listener) {
        return new Probe(program).probed(listener);
    }

    private Program probed(Listener listener) {
        int at = 0;
        for (int slot = 0; slot < program.code().size(); slot++) {
            var instruction = program.slot(slot);
            if (instruction == null) continue;
            places.put(slot, at);
            at += SLOTS + instruction.slots();
        }
        List<Instruction> code = new ArrayList<>();
        for (int slot = 0; slot < program.code().size(); slot++) {
            var instruction = program.slot(slot);
            if (instruction == null) continue;
            tell(code, slot);
            code.add(moved(instruction, slot));
        }
        return new Program(
                program.name(), type(listener), Code.of(code), program.maps(), program.debug());
    }

    private static void tell(List<Instruction> code, int slot) {
        for (int i = 0; i < REGISTERS; i++) {
            code.add(Insns.store(8, Code.FRAME_POINTER, AREA + 8 * i, i));
        }
        code.add(Insns.move(1, Code.FRAME_POINTER));
        code.add(Insns.add(1, AREA));
        code.add(Insns.set(2, slot));
        code.add(Insns.call(HELPER));
        for (int i = 0; i < REGISTERS; i++) {
            code.add(Insns.load(8, i, Code.FRAME_POINTER, AREA + 8 * i));
        }
    }

    /** A jump goes to what tells of its target, not past it. */
    private Instruction moved(Instruction i, int slot) {
        return switch (i.operation()) {
            case Operation.Jump _, Operation.MayGoto _ -> byOffset(i, slot);
            case Goto(boolean far) -> far ? byImmediate(i, slot) : byOffset(i, slot);
            case Call(var callee) when callee == Callee.LOCAL -> byImmediate(i, slot);
            case LoadImmediate(var kind) when kind == ImmediateKind.FUNCTION ->
                    byImmediate(i, slot);
            default -> i;
        };
    }

    private Instruction byOffset(Instruction i, int slot) {
        int distance = distance(slot, slot + 1 + i.offset());
        return new Instruction(i.opcode(), i.dst(), i.src(), distance, i.immediate());
    }

    private Instruction byImmediate(Instruction i, int slot) {
        return i.withImmediate(distance(slot, slot + 1 + (int) i.immediate()));
    }

    private int distance(int from, int to) {
        return places.get(to) - (places.get(from) + SLOTS) - 1;
    }

    private ProgramType type(Listener listener) {
        var type = program.type();
        var helpers = new HashMap<>(type.helpers());
        helpers.put(
                HELPER,
                Helper.of(HELPER, (run, a) -> told(run, a, listener), Helper.Result.NUMBER));
        return new ProgramType(type.name(), type.number(), type.context(), helpers, type.kfuncs());
    }

    private static long told(Run run, long[] a, Listener listener) {
        var area = run.memory().readable(a[0], REGISTERS * 8L);
        var registers = new long[REGISTERS + 1];
        for (int i = 0; i < REGISTERS; i++) registers[i] = area.get(JAVA_LONG_UNALIGNED, 8L * i);
        registers[REGISTERS] = a[0] - AREA;
        listener.reached((int) a[1], registers, run);
        return 0;
    }
}
