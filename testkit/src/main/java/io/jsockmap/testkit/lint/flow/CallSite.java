package io.jsockmap.testkit.lint.flow;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.Program;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call of a helper that some path gets to.
 *
 * @param slot where it is
 * @param helper the kernel's number
 * @param before what is known when it is called
 */
public record CallSite(Program program, int slot, int helper, State before) {
    /** The helper's name, {@code bpf_map_lookup_elem}. */
    public String name() {
        return HelperNames.of(helper);
    }

    /**
     * What an argument holds.
     *
     * @param number from 1
     */
    public Value argument(int number) {
        return before.register(number);
    }

    /** The number that an argument is on all paths. */
    public OptionalLong constant(int number) {
        return argument(number).constant();
    }

    /** The map that the helper is given, if it is always the same. */
    public Optional<BpfMap> map() {
        for (int r = 1; r <= 5; r++) {
            if (argument(r) instanceof Value.MapPointer(int place)
                    && place < program.maps().size()) {
                return Optional.of(program.maps().get(place));
            }
        }
        return Optional.empty();
    }
}
