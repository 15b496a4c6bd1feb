package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.ByteRegion;

import java.util.Optional;

/** What nobody can change any more is known before a program runs: {@code .rodata}. */
final class FrozenValues {
    private FrozenValues() {}

    /** The number in a frozen array that programs can't write. */
    static Optional<Long> read(BpfMap map, int offset, int size) {
        boolean constant =
                (map.definition().flags() & BpfMap.RDONLY_PROG) != 0
                        && map.isFrozen()
                        && map.maxEntries() == 1;
        if (!constant || !(map instanceof ArrayMap array)) return Optional.empty();
        return Optional.of(ByteRegion.number(array.memory().segment(), offset, size));
    }
}
