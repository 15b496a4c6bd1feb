package io.jsockmap.bpf.program;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A row of a helper table.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramTypeExamples" region="helper"}
 *
 * @param number the kernel's number, which a call names
 * @param result what R0 holds afterwards
 * @param arguments what the registers from R1 on must hold
 * @param traits what else the verifier must know
 * @param structure what a pointer that it gives points to, where that is a structure
 * @param range between which numbers the result is, where the kernel knows it
 * @param function what it does
 */
public record Helper(
        int number,
        Result result,
        List<Argument> arguments,
        Set<CallTrait> traits,
        Optional<Structure> structure,
        Optional<Range> range,
        HelperFunction function) {

    public Helper {
        arguments = List.copyOf(arguments);
        traits = Set.copyOf(traits);
    }

    /** What a helper gives back. */
    public enum Result {
        /** Any number, or one of {@link Helper#range}. */
        NUMBER,
        VALUE_OR_NULL,
        /** A pointer to {@link Helper#structure}; for the verifier it is never null. */
        STRUCTURE,
        /** A pointer to {@link Helper#structure}. */
        STRUCTURE_OR_NULL,
        /** A pointer to as many bytes as an argument says. */
        MEMORY_OR_NULL,
        /** A record of a ring buffer, of as many bytes as an argument says. */
        RECORD_OR_NULL,
        /**
         * As many bytes as an argument says, or a number of 4 bytes of an iterator; not to be
         * written to.
         */
        READ_ONLY_MEMORY_OR_NULL,
        /** R0 may not be read. */
        NOTHING;

        /** Whether it may be null, and has to be compared with it. */
        public boolean mayBeNull() {
            return switch (this) {
                case VALUE_OR_NULL, STRUCTURE_OR_NULL, MEMORY_OR_NULL -> true;
                case RECORD_OR_NULL, READ_ONLY_MEMORY_OR_NULL -> true;
                case NUMBER, STRUCTURE, NOTHING -> false;
            };
        }
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
        /** Memory of the map's value size to write; it need not be initialised. */
        VALUE_TO_FILL,
        /** Memory to read; the register behind it has the size. */
        READABLE,
        /** The same, or null. */
        READABLE_OR_NULL,
        /**
         * Memory to write; the register behind it has the size. It need not be initialised, and is
         * afterwards.
         */
        WRITABLE,
        /** The same, or null. */
        WRITABLE_OR_NULL,
        /** Memory of a map's value to write, and no other; the register behind it has the size. */
        WRITABLE_VALUE,
        /** How many bytes the memory before it has: at least one. */
        SIZE,
        /** The same, or none. */
        SIZE_OR_ZERO,
        /** A constant: how much memory the result points to. It may be 0. */
        MEMORY_SIZE,
        /** A constant: the size of the memory before it and of what the result points to. */
        CONSTANT_SIZE,
        /** Text in a frozen map that programs only read, up to its zero byte. */
        TEXT,
        /** 8 bytes at a multiple of 8 to write; they need not be initialised. */
        LONG,
        /** A {@code struct bpf_spin_lock} of a map's value. */
        LOCK,
        /** A {@code struct bpf_timer} of a map's value. */
        TIMER,
        /** A {@code struct bpf_dynptr}. */
        DYNPTR,
        /**
         * Room on the stack for one: to memory of the program, or of the kind of the dynptr before
         * it, if there is one.
         */
        DYNPTR_TO_FILL,
        /** Room on the stack for one to a record of a ring buffer. */
        DYNPTR_OF_RECORD_TO_FILL,
        /** One to records of a ring buffer, which has it back. */
        DYNPTR_OF_RECORD,
        /** The state of an iterator, such as a {@code struct bpf_iter_num}. */
        ITERATOR,
        /** A socket, or a structure of the kernel's that begins with one. */
        SOCKET,
        /** A socket by one of the structures made for programs. */
        SOCKET_FOR_PROGRAMS,
        CONTEXT_OR_NULL,
        FUNCTION,
        /** A pointer into the stack, which a callback is given, or null. */
        CALLBACK_CONTEXT,
        /** A number; a pointer is refused, which helpers never do. */
        SCALAR,
        /** Any register that is initialised; a number by its meaning. */
        NUMBER,
        /** A record of a ring buffer; the program has it no more afterwards. */
        RECORD,
        /** Any register that is initialised. */
        ANYTHING;

        private static final String MEMORY =
                "fp, pkt, pkt_meta, map_key, map_value, mem, ringbuf_mem, buf, trusted_ptr_";

        /**
         * Which registers a helper takes, in the words of the kernel's log: "R1 type=scalar
         * expected=ctx". Empty where all do, and for what only kfuncs ask.
         */
        public Optional<String> expected() {
            return switch (this) {
                case CONTEXT, CONTEXT_OR_NULL -> Optional.of("ctx");
                case MAP -> Optional.of("map_ptr");
                case KEY, VALUE, VALUE_OR_NULL, VALUE_TO_FILL -> Optional.of(MEMORY);
                case READABLE, READABLE_OR_NULL -> Optional.of(MEMORY);
                case WRITABLE, WRITABLE_OR_NULL, WRITABLE_VALUE, LONG -> Optional.of(MEMORY);
                case SIZE, SIZE_OR_ZERO, MEMORY_SIZE -> Optional.of("scalar");
                case TEXT, TIMER -> Optional.of("map_value");
                case LOCK -> Optional.of("map_value, ptr_");
                case DYNPTR, DYNPTR_OF_RECORD -> Optional.of("fp, dynptr_ptr");
                case DYNPTR_TO_FILL, DYNPTR_OF_RECORD_TO_FILL -> Optional.of("fp, dynptr_ptr");
                case SOCKET ->
                        Optional.of("sock_common, sock, tcp_sock, xdp_sock, ptr_, trusted_ptr_");
                case SOCKET_FOR_PROGRAMS -> Optional.of("sock_common, sock, tcp_sock, xdp_sock");
                case FUNCTION -> Optional.of("func");
                case CALLBACK_CONTEXT -> Optional.of("fp");
                case RECORD -> Optional.of("ringbuf_mem");
                case CONSTANT_SIZE, SCALAR, ITERATOR, NUMBER, ANYTHING -> Optional.empty();
            };
        }
    }

    /** Between which numbers a result is. */
    public sealed interface Range {
        /** Both ends are possible. */
        record Between(long min, long max) implements Range {}

        /** From an error number to the greatest possible size argument. */
        record UpToSize(long min) implements Range {}

        /** From the smallest error number that the kernel knows. */
        Range UP_TO_SIZE = new UpToSize(-4095);
    }

    /** A row. */
    public static Helper of(
            int number, HelperFunction function, Result result, Argument... arguments) {
        return new Helper(
                number,
                result,
                Arrays.asList(arguments),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                function);
    }

    /** The same with more for the verifier to know. */
    public Helper with(CallTrait... more) {
        var all = new HashSet<>(traits);
        all.addAll(Arrays.asList(more));
        return new Helper(number, result, arguments, all, structure, range, function);
    }

    /** The same, giving a pointer to that structure. */
    public Helper giving(Structure structure) {
        var given = Optional.of(structure);
        return new Helper(number, result, arguments, traits, given, range, function);
    }

    /** The same, giving only such numbers. */
    public Helper within(Range range) {
        var given = Optional.of(range);
        return new Helper(number, result, arguments, traits, structure, given, function);
    }

    /** The same prototype with another function. */
    public Helper doing(HelperFunction function) {
        return new Helper(number, result, arguments, traits, structure, range, function);
    }

    /** Whether the verifier must know that of it. */
    public boolean has(CallTrait trait) {
        return traits.contains(trait);
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
