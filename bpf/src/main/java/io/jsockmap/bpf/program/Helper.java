package io.jsockmap.bpf.program;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A row of a helper table.
 *
 * @param number the kernel's number, which a call names
 * @param result what R0 holds afterwards
 * @param arguments what the registers from R1 on must hold
 * @param function what it does
 */
public record Helper(int number, Result result, List<Argument> arguments, HelperFunction function) {

    /** What a helper gives back. */
    public enum Result {
        NUMBER,
        VALUE_OR_NULL,
        SOCKET_OR_NULL,
        /** A pointer to as many bytes as an argument says. */
        MEMORY_OR_NULL,
        NOTHING
    }

    /** What a helper asks of a register. */
    public enum Argument {
        CONTEXT,
        MAP,
        /** Memory of the map's key size. */
        KEY,
        /** Memory of the map's value size. */
        VALUE,
        /** The same, or null. */
        VALUE_OR_NULL,
        /** Memory of the map's value size to write. */
        VALUE_TO_FILL,
        /** Memory to read; the register behind it has the size. */
        READABLE,
        /** Memory to write; the register behind it has the size. */
        WRITABLE,
        SIZE,
        /** Text of constant memory up to its zero byte. */
        TEXT,
        /** Memory of 8 bytes to write. */
        LONG,
        /** A {@code struct bpf_spin_lock} of a map's value. */
        LOCK,
        /** A {@code struct bpf_timer} of a map's value. */
        TIMER,
        /** A {@code struct bpf_dynptr}. */
        DYNPTR,
        /** The state of an iterator, such as a {@code struct bpf_iter_num}. */
        ITERATOR,
        SOCKET,
        SOCKET_OR_NULL,
        FUNCTION,
        NUMBER,
        /** A record of a ring buffer; the program has it no more afterwards. */
        RECORD,
        ANYTHING
    }

    /** A row. */
    public static Helper of(
            int number, HelperFunction function, Result result, Argument... arguments) {
        return new Helper(number, result, Arrays.asList(arguments), function);
    }

    /** The kernel's name, {@code bpf_map_lookup_elem}. */
    public String name() {
        return HelperNames.of(number);
    }

    /** A table by number. */
    @SafeVarargs
    public static Map<Integer, Helper> table(Collection<Helper>... parts) {
        Map<Integer, Helper> table = new TreeMap<>();
        for (var part : parts) part.forEach(helper -> table.put(helper.number(), helper));
        return table;
    }
}
