package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.program.Program;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The numbers that a run left behind, of those that could be pointers.
 *
 * @param suspects by where they are
 */
record Outputs(Map<String, Long> suspects) {
    /** Regions of memory that a run's first pointers are to. */
    private static final int REGIONS = 64;

    /** The number of the first map of a program. */
    private static final long FIRST_CONSTANT = Memory.constantAddress(0) >>> 32;

    /** Bytes around a region's start. */
    private static final long NEAR = 1024;

    static Outputs of(Program program, Playground.Outcome outcome) {
        Map<String, Long> found = new TreeMap<>();
        if (isSuspect(outcome.value())) found.put("R0", outcome.value());
        find("the packet", outcome.bytes(), found);
        for (var map : program.maps()) {
            if (!hasValues(map)) continue;
            for (var key : map.keys()) {
                var place = "map %s at %s".formatted(map.name(), HexFormat.of().formatHex(key));
                map.lookup(key).ifPresent(value -> find(place, value, found));
            }
        }
        return new Outputs(found);
    }

    private static boolean hasValues(BpfMap map) {
        int type = map.definition().type();
        return type == MapType.ARRAY.number() || type == MapType.HASH.number();
    }

    private static void find(String place, byte[] bytes, Map<String, Long> found) {
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i + Long.BYTES <= bytes.length; i++) {
            long value = buffer.getLong(i);
            if (isSuspect(value)) found.put("%s, byte %d".formatted(place, i), value);
        }
    }

    private static boolean isSuspect(long value) {
        long region = value >>> 32;
        long offset = (value & 0xffff_ffffL) - (1L << 31);
        long constant = region - FIRST_CONSTANT;
        boolean known = region >= 1 && region < REGIONS || constant >= 0 && constant < REGIONS;
        return known && Math.abs(offset) < NEAR;
    }

    boolean haveSuspects() {
        return !suspects.isEmpty();
    }

    /**
     * Where a pointer is, if there is one.
     *
     * @param other what it left behind {@link Elsewhere} on the same input
     */
    Optional<String> pointer(Outputs other) {
        return suspects.entrySet().stream()
                .filter(one -> isPointer(one.getValue(), other.suspects.get(one.getKey())))
                .map(one -> "a pointer leaves in %s: 0x%x".formatted(one.getKey(), one.getValue()))
                .findFirst();
    }

    /** The offset in a region stays, and the region's number does not. */
    private static boolean isPointer(long value, Long other) {
        return other != null && other != value && (int) (long) other == (int) value;
    }
}
