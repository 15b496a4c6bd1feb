package io.jsockmap.kernel.call;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What bpf(2) does with one element of a map. */
public final class MapCalls {
    private static final int SIZE = 32;
    private static final int FREEZE_SIZE = 4;

    private MapCalls() {}

    /**
     * What came of a call that gives bytes.
     *
     * @param bytes of no meaning after a failure
     */
    public record Given(Bpf.Answer answer, byte[] bytes) {}

    /** BPF_MAP_LOOKUP_ELEM and BPF_MAP_LOOKUP_AND_DELETE_ELEM, of a value of that size. */
    public static Given lookup(Descriptor map, byte[] key, int size, boolean andDelete) {
        var command =
                andDelete ? Bpf.Command.MAP_LOOKUP_AND_DELETE_ELEM : Bpf.Command.MAP_LOOKUP_ELEM;
        return given(command, map, key, size);
    }

    /** BPF_MAP_GET_NEXT_KEY; null for the first. */
    public static Given next(Descriptor map, byte[] key, int size) {
        return given(Bpf.Command.MAP_GET_NEXT_KEY, map, key, size);
    }

    private static Given given(Bpf.Command command, Descriptor map, byte[] key, int size) {
        try (var arena = Arena.ofConfined()) {
            var attributes = of(arena, map, key);
            var room = attributes.room(16, size);
            var answer = Bpf.call(command, attributes);
            return new Given(answer, bytes(room, size));
        }
    }

    private static byte[] bytes(MemorySegment room, int size) {
        return room.asSlice(0, size).toArray(JAVA_BYTE);
    }

    /** BPF_MAP_UPDATE_ELEM. */
    public static Bpf.Answer update(Descriptor map, byte[] key, byte[] value, long flags) {
        try (var arena = Arena.ofConfined()) {
            var attributes = of(arena, map, key).bytes(16, value).u64(24, flags);
            return Bpf.call(Bpf.Command.MAP_UPDATE_ELEM, attributes);
        }
    }

    /** BPF_MAP_DELETE_ELEM. */
    public static Bpf.Answer delete(Descriptor map, byte[] key) {
        try (var arena = Arena.ofConfined()) {
            return Bpf.call(Bpf.Command.MAP_DELETE_ELEM, of(arena, map, key));
        }
    }

    /** BPF_MAP_FREEZE. */
    public static Bpf.Answer freeze(Descriptor map) {
        try (var arena = Arena.ofConfined()) {
            var attributes = new Attributes(arena, FREEZE_SIZE).u32(0, map.number());
            return Bpf.call(Bpf.Command.MAP_FREEZE, attributes);
        }
    }

    private static Attributes of(Arena arena, Descriptor map, byte[] key) {
        var attributes = new Attributes(arena, SIZE).u32(0, map.number());
        return key == null || key.length == 0 ? attributes : attributes.bytes(8, key);
    }
}
