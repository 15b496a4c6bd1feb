package io.jsockmap.testkit.record;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Subprogram;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the arguments of a function that is entered, by the prototype that BTF has of it. */
final class ArgumentReader {
    /** As many arguments are in registers, from R1 on. */
    private static final int MOST = 5;

    /** What a pointer points to is shown up to so many bytes. */
    private static final int MOST_BYTES = 64;

    private ArgumentReader() {}

    static List<Named> read(
            Program program, int slot, Memory memory, long[] registers, CallReader.Names names) {
        var types = program.debug().types();
        var function = Pointers.subprogram(program, slot).map(Subprogram::type).orElse(0);
        if (types.isEmpty() || function == 0) return List.of();
        try {
            return prototype(types.get(), function)
                    .map(prototype -> read(types.get(), prototype, memory, registers, names))
                    .orElse(List.of());
        } catch (MalformedObjectException _) {
            return List.of();
        }
    }

    private static Optional<BtfType.Prototype> prototype(Btf types, int function) {
        return types.type(function) instanceof BtfType.Function(var _, int type, var _)
                        && types.type(type) instanceof BtfType.Prototype prototype
                ? Optional.of(prototype)
                : Optional.empty();
    }

    private static List<Named> read(
            Btf types,
            BtfType.Prototype prototype,
            Memory memory,
            long[] registers,
            CallReader.Names names) {
        List<Named> all = new ArrayList<>();
        for (var parameter : prototype.parameters()) {
            int register = all.size() + 1;
            if (register > MOST) break;
            long value = registers[register];
            all.add(
                    new Named(
                            parameter.name().isEmpty() ? "r" + register : parameter.name(),
                            value,
                            text(types, parameter.type(), value, memory, names)));
        }
        return all;
    }

    private static String text(
            Btf types, int type, long value, Memory memory, CallReader.Names names) {
        if (!(types.resolve(type) instanceof BtfType.Pointer(int target))) {
            return names.of(value).orElseGet(() -> Reading.number(types, type, value));
        }
        if (value == 0) return "NULL";
        var place = names.of(value).orElseGet(() -> Pointers.numberText(value));
        int size = types.sizeOf(target);
        boolean isShown = size > 0 && size <= MOST_BYTES;
        return place
                + (isShown ? Reading.bytes(memory, value, size) : Optional.<byte[]>empty())
                        .map(bytes -> ": " + Reading.value(Optional.of(types), target, bytes))
                        .orElse("");
    }
}
