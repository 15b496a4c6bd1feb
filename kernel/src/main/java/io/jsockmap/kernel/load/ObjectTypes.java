package io.jsockmap.kernel.load;

import io.jsockmap.bpf.program.Subprogram;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An object file's types as the kernel takes them. What a compiler leaves open about variables and
 * external functions it would refuse; since no program's types depend on those, an empty structure
 * takes their place, so that all other types keep their numbers.
 */
public final class ObjectTypes {
    private static final int HEAD = 12;
    private static final int EXTERNAL = 2;
    private static final int EMPTY_STRUCT = 4 << 24;

    private final ByteBuffer in;
    private final ByteBuffer out;
    private final Map<Integer, Subprogram> functions;
    private final Set<Integer> replaced = new HashSet<>();

    private ObjectTypes(ByteBuffer in, List<Subprogram> functions) {
        this.in = in;
        this.out = ByteBuffer.allocate(in.remaining()).order(ByteOrder.LITTLE_ENDIAN);
        this.functions =
                functions.stream().collect(Collectors.toMap(Subprogram::type, f -> f, (f, _) -> f));
    }

    /** The section, with those functions static or global as the linker has them. */
    public static byte[] forKernel(byte[] section, List<Subprogram> functions) {
        var blob = ByteBuffer.wrap(section).order(ByteOrder.LITTLE_ENDIAN);
        var types = part(blob, 8);
        var strings = part(blob, 16);
        var rewriting = new ObjectTypes(types, functions);
        // Notes may stand before what they are about.
        rewriting.findReplaced();
        rewriting.rewrite();
        var written = Arrays.copyOf(rewriting.out.array(), rewriting.out.position());
        var text = new byte[strings.remaining()];
        strings.get(text);
        return TypeWriter.section(written, text);
    }

    private static ByteBuffer part(ByteBuffer blob, int at) {
        int start = blob.getInt(4) + blob.getInt(at);
        return blob.slice(start, blob.getInt(at + 4)).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void findReplaced() {
        int number = 1;
        for (int at = 0; at < in.limit(); number++) {
            int info = in.getInt(at + 4);
            if (isLeftOpen(info)) replaced.add(number);
            at += sizeOf(info);
        }
    }

    private static boolean isLeftOpen(int info) {
        int kind = kind(info);
        return kind == 14 || kind == 15 || kind == 12 && length(info) == EXTERNAL;
    }

    private void rewrite() {
        int number = 1;
        for (int at = 0; at < in.limit(); number++) {
            int info = in.getInt(at + 4);
            int size = sizeOf(info);
            boolean noteOnReplaced = kind(info) == 17 && replaced.contains(in.getInt(at + 8));
            if (replaced.contains(number) || noteOnReplaced) {
                out.putInt(0).putInt(EMPTY_STRUCT).putInt(0);
            } else {
                int start = out.position();
                out.put(in.slice(at, size));
                var function = functions.get(number);
                if (function != null) out.putInt(start + 4, linked(function));
            }
            at += size;
        }
    }

    private static int linked(Subprogram function) {
        return 12 << 24 | (function.global() ? TypeWriter.GLOBAL : TypeWriter.STATIC);
    }

    private static int kind(int info) {
        return info >> 24 & 0x1f;
    }

    private static int length(int info) {
        return info & 0xffff;
    }

    /** Bytes of a type, by its kind and length. */
    public static int sizeOf(int info) {
        int each =
                switch (kind(info)) {
                    case 4, 5, 15, 19 -> 12;
                    case 6, 13 -> 8;
                    default -> 0;
                };
        int once =
                switch (kind(info)) {
                    case 1, 14, 17 -> 4;
                    case 3 -> 12;
                    default -> 0;
                };
        return HEAD + once + each * length(info);
    }
}
