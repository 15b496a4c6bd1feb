package io.jsockmap.kernel.fuzz;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;

/** Runs a program as a function of another, so that all memory has other addresses. */
final class Elsewhere {
    /** By how many regions all addresses are further. */
    static final int MORE = 8;

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
        List<BpfMap> maps = new ArrayList<>(program.maps());
        List<Instruction> code = new ArrayList<>();
        // The other's context and stack come first; the context within is behind so many maps.
        for (int i = 0; i < MORE - 2; i++) {
            code.add(Insns.map(0, FuzzMap.ONE).withImmediate(maps.size()));
            maps.add(FuzzMap.RING.create());
        }
        code.add(Insns.call(HELPER));
        code.add(Insns.move(1, 0));
        code.add(Insns.callLocal().withImmediate(1));
        code.add(Insns.exit());
        return new Program(
                program.name(),
                type(program.type(), context),
                Code.of(code).followedBy(program.code()),
                maps,
                program.debug());
    }

    private static ProgramType type(ProgramType type, Supplier<Region> context) {
        var helpers = new HashMap<>(type.helpers());
        helpers.put(
                HELPER,
                Helper.of(
                        HELPER,
                        (run, _) -> run.memory().addressOf(context.get()),
                        Helper.Result.NUMBER));
        return new ProgramType(type.name(), type.number(), type.context(), helpers, type.kfuncs());
    }
}
