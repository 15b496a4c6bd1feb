package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;

/** Runs a program as a function of another, so that all memory has other addresses. */
final class Elsewhere {
    /** How many maps are in front of those of the program within. */
    private static final int MORE = 8;

    /** What the other program has for its context. */
    static final Region NOWHERE = new ObjectRegion("nowhere", "nowhere");

    private static final int HELPER = 9998;

    private Elsewhere() {}

    /**
     * The program around.
     *
     * @param context the context of the program within
     */
    static Program around(Program program, Supplier<Region> context) {
        List<BpfMap> maps = new ArrayList<>();
        for (int i = 0; i < MORE; i++) maps.add(FuzzMap.RING.create());
        maps.addAll(program.maps());
        List<Instruction> code = new ArrayList<>();
        code.add(Insns.call(HELPER));
        code.add(Insns.move(1, 0));
        code.add(Insns.callLocal().withImmediate(1));
        code.add(Insns.exit());
        return new Program(
                program.name(),
                type(program.type(), context),
                Code.of(code).followedBy(moved(program.code())),
                maps,
                program.debug());
    }

    /** Its maps are behind those of the program around. */
    private static Code moved(Code code) {
        return Code.of(code.instructions().stream().map(Elsewhere::moved).toList());
    }

    private static Instruction moved(Instruction i) {
        return i.operation() instanceof LoadImmediate(var kind)
                        && kind != ImmediateKind.NUMBER
                        && kind != ImmediateKind.FUNCTION
                ? i.withImmediate(i.immediate() + MORE)
                : i;
    }

    private static ProgramType type(ProgramType type, Supplier<Region> context) {
        var helpers = new HashMap<>(type.helpers());
        helpers.put(
                HELPER,
                Helper.of(
                        HELPER,
                        (run, _) -> enter(run.memory(), context.get()),
                        Helper.Result.NUMBER));
        return new ProgramType(type.name(), type.number(), type.context(), helpers, type.kfuncs());
    }

    /** The context within, and its packet, are not the first that the run knows. */
    private static long enter(Memory memory, Region context) {
        memory.enterPacket(ByteRegion.of("another packet", MemorySegment.ofArray(new byte[0])));
        return memory.addressOf(context);
    }
}
