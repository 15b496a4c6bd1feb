package io.jsockmap.kernel.load;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.insn.Instruction;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Subprogram;
import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Descriptor;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The types that the kernel gets with a program, and which of them its functions have.
 *
 * @param section the types
 * @param functions the program's functions by their places
 */
public record ProgramTypes(byte[] section, List<Place> functions) {
    /** Bytes of a {@code struct bpf_func_info}. */
    public static final int RECORD = 8;

    private static final int LOAD_SIZE = 32;

    /** Where a function begins, and the number of its type. */
    public record Place(int start, int type) {}

    /** Those of the object file, or made up if the kernel wants some; empty if it needs none. */
    public static Optional<ProgramTypes> of(Program program) {
        var functions = program.debug().functions();
        boolean typed = !functions.isEmpty() && functions.stream().allMatch(f -> f.type() != 0);
        if (typed && program.debug().types().isPresent()) {
            var section = program.debug().types().get().section();
            return Optional.of(
                    new ProgramTypes(
                            ObjectTypes.forKernel(section, functions),
                            functions.stream().map(f -> new Place(f.start(), f.type())).toList()));
        }
        // The kernel asks for types only to know that a callback is static.
        boolean callbacks =
                program.code().instructions().stream().anyMatch(Instruction::takesFunction);
        return callbacks ? Optional.of(madeUp(starts(program))) : Optional.empty();
    }

    /** The array of {@code struct bpf_func_info}. */
    public byte[] records() {
        var buffer = ByteBuffer.allocate(functions.size() * RECORD).order(ByteOrder.LITTLE_ENDIAN);
        functions.forEach(place -> buffer.putInt(place.start).putInt(place.type));
        return buffer.array();
    }

    public Descriptor load() {
        return load(section);
    }

    /**
     * Gives types to the kernel.
     *
     * @throws BpfException if it refuses them
     */
    public static Descriptor load(byte[] section) {
        try (var arena = Arena.ofConfined()) {
            var attributes =
                    new Attributes(arena, LOAD_SIZE).bytes(0, section).u32(16, section.length);
            return Descriptor.of(Bpf.call(Bpf.Command.BTF_LOAD, attributes), "types (BTF)");
        }
    }

    private static List<Integer> starts(Program program) {
        var starts = new TreeSet<>(List.of(0));
        program.debug().functions().stream().map(Subprogram::start).forEach(starts::add);
        for (int slot = 0; slot < program.code().size(); slot++) {
            var instruction = program.slot(slot);
            if (instruction != null && instruction.namesFunction()) {
                starts.add((int) instruction.functionAt(slot));
            }
        }
        return List.copyOf(starts);
    }

    /** Static functions without parameters: of those the kernel believes nothing else. */
    private static ProgramTypes madeUp(List<Integer> starts) {
        var types = new TypeWriter();
        int integer = types.integer("int", Integer.BYTES, true);
        int prototype = types.prototype(integer, List.of());
        var places =
                IntStream.range(0, starts.size())
                        .mapToObj(
                                i ->
                                        new Place(
                                                starts.get(i),
                                                types.function(
                                                        "function" + i,
                                                        prototype,
                                                        TypeWriter.STATIC)))
                        .toList();
        return new ProgramTypes(types.toBytes(), places);
    }
}
