package io.jsockmap.bpf.verifier.step;

import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/** What nobody can change any more is known before a program runs: {@code .rodata}. */
final class FrozenValues {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private FrozenValues() {}

    /** The number in a frozen array that programs can't write. */
    static Optional<Long> read(BpfMap map, int offset, int size) {
        boolean constant =
                (map.definition().flags() & BpfMap.RDONLY_PROG) != 0
                        && map.isFrozen()
                        && map.maxEntries() == 1;
        if (!constant || !(map instanceof ArrayMap array)) return Optional.empty();
        var bytes = array.memory().segment();
        return Optional.of(
                switch (size) {
                    case 1 -> Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, offset));
                    case 2 -> Short.toUnsignedLong(bytes.get(SHORT, offset));
                    case 4 -> Integer.toUnsignedLong(bytes.get(INT, offset));
                    default -> bytes.get(LONG, offset);
                });
    }
}
