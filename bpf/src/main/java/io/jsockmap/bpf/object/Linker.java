package io.jsockmap.bpf.object;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.SourceLine;
import io.jsockmap.bpf.core.CoreRelocation;
import io.jsockmap.bpf.core.Outcome;
import io.jsockmap.bpf.core.Relocator;
import io.jsockmap.bpf.insn.Code;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.insn.Operation.LoadImmediate;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.object.Reference.ToData;
import io.jsockmap.bpf.object.Reference.ToFunction;
import io.jsockmap.bpf.object.Reference.ToKernel;
import io.jsockmap.bpf.object.Reference.ToMap;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Subprogram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** Makes one program: its function, the functions it calls behind it, and its maps. */
final class Linker {
    /** As many instructions as the kernel lets a program have. */
    private static final int MAX_SLOTS = 1_000_000;

    private final ObjectSpec spec;
    private final ProgramSpec program;
    private final ProgramType type;
    private final Relocator relocator;
    private final Function<String, BpfMap> mapOf;
    private final IntConsumer checkSetting;

    private final Map<String, Integer> starts = new LinkedHashMap<>();
    private final List<FunctionSpec> functions = new ArrayList<>();
    private final List<BpfMap> maps = new ArrayList<>();
    private final NavigableMap<Integer, SourceLine> lines = new TreeMap<>();
    private final Map<Integer, String> notRelocated = new HashMap<>();

    /**
     * @param relocator fits instructions to the types that programs meet
     * @param mapOf the map of that name, or of a data section; throws if it could not be made
     * @param checkSetting throws if the kernel setting at that byte has no value
     */
    Linker(
            ObjectSpec spec,
            ProgramSpec program,
            ProgramType type,
            Relocator relocator,
            Function<String, BpfMap> mapOf,
            IntConsumer checkSetting) {
        this.spec = spec;
        this.checkSetting = checkSetting;
        this.program = program;
        this.type = type;
        this.relocator = relocator;
        this.mapOf = mapOf;
    }

    Program link() {
        lay(spec.function(program));
        List<Instruction> instructions = new ArrayList<>();
        for (var function : functions) {
            int start = starts.get(placeOf(function));
            // Without lines of its own a function must not seem to be at the last of the one
            // before.
            lines.put(start, null);
            function.lines().forEach((slot, line) -> lines.put(start + slot, line));
            instructions.addAll(resolve(function, start));
        }
        var debug =
                new Debug(
                        program.section(),
                        lines,
                        subprograms(),
                        spec.btf(),
                        spec.license().orElse(""),
                        notRelocated);
        return new Program(program.name(), type, Code.of(instructions), maps, debug);
    }

    private List<Subprogram> subprograms() {
        return functions.stream()
                .map(f -> new Subprogram(starts.get(placeOf(f)), f.name(), isGlobal(f), f.type()))
                .toList();
    }

    /** A function that is hidden, or whose type says so, is static for the verifier. */
    private boolean isGlobal(FunctionSpec function) {
        if (!function.global() || spec.btf().isEmpty()) return false;
        return spec.btf().get().type(function.type()) instanceof BtfType.Function type
                && type.linkage() == BtfType.Linkage.GLOBAL;
    }

    /** Finds all functions that are reachable and gives each its place. */
    private void lay(FunctionSpec main) {
        Deque<FunctionSpec> found = new ArrayDeque<>(List.of(main));
        int next = 0;
        while (!found.isEmpty()) {
            var function = found.poll();
            if (starts.putIfAbsent(placeOf(function), next) != null) continue;
            functions.add(function);
            function.problem().ifPresent(this::refuse);
            next += function.code().size();
            if (next > MAX_SLOTS) {
                throw new BpfException(
                        Errno.E2BIG,
                        "program %s has more than %d instructions"
                                .formatted(program.name(), MAX_SLOTS));
            }
            for (var reference : function.references()) {
                if (reference instanceof ToFunction to) found.add(target(function, to));
            }
        }
    }

    private void refuse(MalformedObjectException problem) {
        throw problem.of(spec.name());
    }

    private FunctionSpec target(FunctionSpec from, ToFunction to) {
        return spec.function(to.section(), to.offset())
                .orElseThrow(
                        () ->
                                refused(
                                        from,
                                        to.slot(),
                                        Errno.EINVAL,
                                        "no function begins at byte %d of section %s"
                                                .formatted(to.offset(), to.section())));
    }

    private List<Instruction> resolve(FunctionSpec function, int start) {
        var slots = function.code().toArray();
        function.relocations().forEach(r -> relocate(function, start, r, slots));
        for (var reference : function.references()) {
            int slot = reference.slot();
            slots[slot] = resolve(function, start, reference, slots[slot]);
        }
        List<Instruction> instructions = new ArrayList<>();
        for (var instruction : slots) {
            if (instruction != null) instructions.add(instruction);
        }
        return instructions;
    }

    private void relocate(
            FunctionSpec function, int start, CoreRelocation relocation, Instruction[] slots) {
        int slot = relocation.slot();
        switch (relocator.relocate(relocation, slots[slot])) {
            case Outcome.Changed(var instruction) -> slots[slot] = instruction;
            case Outcome.Impossible(var why) -> {
                // Both halves of a wide instruction, so that those behind it stay where they are.
                for (int i = slots[slot].slots() - 1; i >= 0; i--) {
                    slots[slot + i] = Instruction.notRelocated();
                    notRelocated.put(start + slot + i, why);
                }
            }
            case Outcome.Refused(var problem) ->
                    throw refused(function, slot, Errno.EINVAL, problem);
        }
    }

    private Instruction resolve(
            FunctionSpec function, int start, Reference reference, Instruction instruction) {
        return switch (reference) {
            case ToMap to ->
                    instruction.referringTo(
                            Operation.ImmediateKind.MAP, place(mapOf.apply(to.map())));
            case ToData to -> {
                if (to.section().equals(DataReader.KCONFIG)) checkSetting.accept(to.offset());
                long place = place(mapOf.apply(to.section()));
                yield instruction.referringTo(
                        Operation.ImmediateKind.MAP_VALUE, place | (long) to.offset() << 32);
            }
            case ToFunction to -> {
                int target = starts.get(placeOf(target(function, to)));
                int distance = target - (start + to.slot() + 1);
                yield instruction.operation() instanceof LoadImmediate
                        ? instruction.referringTo(
                                Operation.ImmediateKind.FUNCTION, Integer.toUnsignedLong(distance))
                        : instruction.withImmediate(distance);
            }
            case ToKernel to -> {
                var place = type.placeOfKfunc(to.symbol());
                if (place.isPresent()) {
                    // A program tests the address of a weak function; any but 0 will do.
                    yield instruction.operation() instanceof LoadImmediate
                            ? instruction.referringTo(
                                    Operation.ImmediateKind.NUMBER, place.getAsInt())
                            : instruction.callingKernel().withImmediate(place.getAsInt());
                }
                if (!to.weak()) {
                    throw refused(
                            function,
                            to.slot(),
                            Errno.ESRCH,
                            "%s of the kernel is not offered here: declare it __weak and test it"
                                    .formatted(to.symbol()));
                }
                // A weak symbol that is missing has the address 0; the program tests it and does
                // not call. If it calls all the same, the call is the fault of that run.
                yield instruction.operation() instanceof LoadImmediate
                        ? instruction.referringTo(Operation.ImmediateKind.NUMBER, 0)
                        : instruction.callingKernel();
            }
        };
    }

    private long place(BpfMap map) {
        int place = maps.indexOf(map);
        if (place >= 0) return place;
        maps.add(map);
        return maps.size() - 1L;
    }

    private BpfException refused(FunctionSpec function, int slot, Errno errno, String problem) {
        var line = function.lines().floorEntry(slot);
        return new BpfException(
                errno,
                "program %s (section %s), function %s, instruction %d: %s%s"
                        .formatted(
                                program.name(),
                                program.section(),
                                function.name(),
                                slot,
                                problem,
                                line == null ? "" : ", at " + line.getValue()));
    }

    private static String placeOf(FunctionSpec function) {
        return ObjectSpec.placeOf(function.section(), function.offset());
    }
}
