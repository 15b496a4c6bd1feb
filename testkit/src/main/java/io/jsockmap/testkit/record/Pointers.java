package io.jsockmap.testkit.record;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.ObjectRegion;
import io.jsockmap.bpf.program.Constants;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Subprogram;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the addresses of a run mean, in words, also when the run is over.
 *
 * {@snippet class="io.jsockmap.testkit.examples.TraceExamples" region="memory"}
 */
public final class Pointers {
    /** A pointer may have left its region by so many bytes; a number further off is none. */
    private static final int SLACK = 1 << 16;

    private static final int STACK = 512;

    /** The numbers of what a program's immediates refer to begin here. */
    private static final int CONSTANTS = number(Memory.constantAddress(0));

    private final Map<Integer, Target> targets;

    Pointers(Map<Integer, Target> targets) {
        this.targets = new HashMap<>(targets);
    }

    /**
     * What the addresses of a region point to.
     *
     * @param name what people call the region
     * @param origin the offset that they call 0
     * @param size bytes of the region
     * @param depth for a stack the depth of its function, else 0
     */
    record Target(String name, int origin, int size, int depth) {
        static Target of(String name, int size) {
            return new Target(name, 0, size, 0);
        }

        static Target stack(int depth) {
            return new Target("fp", STACK, STACK, depth);
        }

        boolean mayHave(long address) {
            long offset = Memory.offset(address);
            return offset >= -SLACK && offset <= size + (long) SLACK;
        }

        String text(long address, int inDepth) {
            int offset = Memory.offset(address) - origin;
            var shown = depth == 0 || depth == inDepth ? name : "%s[%d]".formatted(name, depth);
            return shown
                    + behind(offset)
                    + (depth == 0 && offset == size && size > 0 ? " (end)" : "");
        }
    }

    private static String behind(int offset) {
        return offset == 0 ? "" : "%+d".formatted(offset);
    }

    static int number(long address) {
        return (int) (address >>> Integer.SIZE);
    }

    /** A register's value: what it points to, or the number that it is. */
    public String text(Step step, long value) {
        return pointer(step.program(), step.depth(), value).orElseGet(() -> numberText(value));
    }

    /** A number as people read it. */
    public static String numberText(long value) {
        return value >= 0 && value < 10
                ? Long.toString(value)
                : "%d (0x%x)".formatted(value, value);
    }

    /**
     * What an address points to, if the number is one.
     *
     * @param program the program that has it
     * @param depth the depth of the function that has it
     */
    Optional<String> pointer(Program program, int depth, long value) {
        int number = number(value);
        if (number >= CONSTANTS) return constant(program, number - CONSTANTS, value);
        return Optional.ofNullable(targets.get(number))
                .filter(target -> target.mayHave(value))
                .map(target -> target.text(value, depth));
    }

    private static Optional<String> constant(Program program, int place, long value) {
        var regions = program.constants().regions();
        if (place >= regions.length) return Optional.empty();
        int maps = program.maps().size();
        if (place >= maps && place < 2 * maps) {
            var map = program.maps().get(place - maps);
            return Optional.of(
                    "&"
                            + variable(program, map.name(), Memory.offset(value))
                                    .orElse(map.name() + behind(Memory.offset(value))));
        }
        var region = regions[place];
        boolean isFunction =
                region instanceof ObjectRegion(var _, var object)
                        && object instanceof Constants.Function;
        return Optional.of(isFunction ? functionOf(program, region) : region.name());
    }

    private static String functionOf(Program program, Object region) {
        var start = ((Constants.Function) ((ObjectRegion) region).object()).start();
        return "function " + nameOf(program, start);
    }

    /** The name of the function that begins at a slot. */
    static String nameOf(Program program, int start) {
        return subprogram(program, start)
                .map(Subprogram::name)
                .orElse(start == 0 ? program.name() : "function at " + start);
    }

    static Optional<Subprogram> subprogram(Program program, int start) {
        return program.debug().functions().stream().filter(f -> f.start() == start).findFirst();
    }

    private static Optional<String> variable(Program program, String section, int offset) {
        return program.debug().types().flatMap(btf -> variable(btf, section, offset));
    }

    private static Optional<String> variable(Btf btf, String section, int offset) {
        return btf.dataSection(section).stream()
                .flatMap(data -> data.variables().stream())
                .filter(v -> offset >= v.offset() && offset < v.offset() + v.size())
                .findFirst()
                .filter(v -> btf.type(v.type()) instanceof BtfType.Variable)
                .map(v -> btf.type(v.type()).name() + behind(offset - v.offset()));
    }
}
