package io.jsockmap.kernel.inspect;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.kernel.call.Attributes;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Descriptor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** BPF_OBJ_GET_INFO_BY_FD. */
final class ObjectInfo {
    private static final int NAME = 16;

    private ObjectInfo() {}

    /** Reads the structure of that size that the kernel fills, as far as it knows it. */
    static <T> T of(Descriptor object, int size, String what, Function<MemorySegment, T> read) {
        try (var arena = Arena.ofConfined()) {
            var attributes = new Attributes(arena, 16).u32(0, object.number()).u32(4, size);
            var room = attributes.room(8, size);
            var answer = Bpf.call(Bpf.Command.OBJ_GET_INFO_BY_FD, attributes);
            Descriptor.check(answer, "to tell of " + what);
            return read.apply(room);
        }
    }

    /** A name, which ends at a zero or at its full length. */
    static String name(MemorySegment info, long offset) {
        var bytes = info.asSlice(offset, NAME).toArray(JAVA_BYTE);
        int length = 0;
        while (length < NAME && bytes[length] != 0) length++;
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
}
