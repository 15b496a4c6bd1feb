package io.jsockmap.bpf.program;

import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation.ImmediateKind;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.memory.Region;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What the 64-bit immediates of a program refer to: maps, the values of arrays, functions. Their
 * addresses are the same in every run of the program.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="constants"}
 */
public final class Constants {
    private final List<BpfMap> maps;
    private final Region[] regions;
    private final Map<Integer, Integer> functions = new HashMap<>();

    /**
     * @param maps what the program refers to by their places; for a trial run, stand-ins for them
     */
    public Constants(Code code, List<BpfMap> maps) {
        this.maps = List.copyOf(maps);
        List<Region> all = new ArrayList<>();
        for (var map : maps) all.add(new ObjectRegion("map " + map.name(), map));
        for (var map : maps) all.add(map instanceof ArrayMap array ? array.seen() : all.getFirst());
        var slots = code.toArray();
        for (int slot = 0; slot < slots.length; slot++) {
            var i = slots[slot];
            if (i != null && i.takesFunction()) {
                addFunction(all, i.functionAt(slot), slots);
            }
        }
        regions = all.toArray(Region[]::new);
    }

    private void addFunction(List<Region> all, long start, Instruction[] slots) {
        boolean there = start >= 0 && start < slots.length && slots[(int) start] != null;
        if (!there || functions.containsKey((int) start)) return;
        functions.put((int) start, all.size());
        all.add(new ObjectRegion("a function", new Function((int) start)));
    }

    /** A function of the program, as a pointer to it has it; it begins at a slot. */
    public record Function(int start) {}

    /**
     * Where a function begins that a pointer names.
     *
     * @throws io.jsockmap.bpf.memory.MemoryFault if it is a pointer to something else
     */
    public static int startOf(long function, Memory memory) {
        var region = memory.regionAt(function, ObjectRegion.class, "a function");
        if (region.object() instanceof Function(int start)) return start;
        throw region.fault(0, 0, "is not a function of this program");
    }

    /** The regions by their places, for {@link Memory#setConstants}; nobody changes them. */
    public Region[] regions() {
        return regions;
    }

    /** The maps by their places. */
    public List<BpfMap> maps() {
        return maps;
    }

    /**
     * What a 64-bit immediate loads. Empty if it refers to nothing: no such map, an array's value
     * of something that is no array, no such function, a variable of the kernel.
     */
    public OptionalLong value(int slot, Instruction instruction, ImmediateKind kind) {
        int place = (int) instruction.immediate();
        boolean known = place >= 0 && place < maps.size();
        return switch (kind) {
            case NUMBER -> OptionalLong.of(instruction.immediate());
            case MAP, MAP_INDEX ->
                    known ? OptionalLong.of(Memory.constantAddress(place)) : OptionalLong.empty();
            case MAP_VALUE, MAP_INDEX_VALUE -> {
                boolean direct = known && maps.get(place) instanceof ArrayMap;
                long base = Memory.constantAddress(maps.size() + place);
                yield direct
                        ? OptionalLong.of(base + (instruction.immediate() >> 32))
                        : OptionalLong.empty();
            }
            case FUNCTION -> {
                var function = functions.get((int) instruction.functionAt(slot));
                yield function == null
                        ? OptionalLong.empty()
                        : OptionalLong.of(Memory.constantAddress(function));
            }
            case VARIABLE -> OptionalLong.empty();
        };
    }
}
