package io.jsockmap.testkit.lint;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.map.MapDefinition;

import java.util.Optional;

/** What the bytes of a map's keys are called, by the types of the object. */
final class KeyNames {
    private final Optional<Btf> types;
    private final int type;

    KeyNames(Optional<Btf> types, MapDefinition map) {
        this.types = types.filter(_ -> map.keyType() != 0);
        type = map.keyType();
    }

    /** The name of a byte: a member's, or padding and behind which member. */
    String of(int offset) {
        return types.map(btf -> of(btf, type, offset, "")).orElse("of no known type");
    }

    private static String of(Btf btf, int type, int offset, String prefix) {
        return switch (btf.resolve(type)) {
            case Struct struct -> ofStruct(btf, struct, offset, prefix);
            case Array array -> {
                int size = Math.max(1, btf.sizeOf(array.element()));
                var element = "%s[%d]".formatted(prefix, offset / size);
                yield of(btf, array.element(), offset % size, element);
            }
            default -> prefix.isEmpty() ? "the whole" : "`%s`".formatted(prefix);
        };
    }

    private static String ofStruct(Btf btf, Struct struct, int offset, String prefix) {
        Member before = null;
        for (var member : struct.members()) {
            int start = member.bitOffset() / Byte.SIZE;
            int bits = member.bitWidth() + member.bitOffset() % Byte.SIZE;
            int size =
                    member.bitWidth() == 0
                            ? btf.sizeOf(member.type())
                            : (bits + Byte.SIZE - 1) / Byte.SIZE;
            if (offset >= start && offset < start + size) {
                return of(btf, member.type(), offset - start, join(prefix, member.name()));
            }
            if (start <= offset) before = member;
        }
        var name = struct.name().isEmpty() ? "the struct" : "struct " + struct.name();
        return before == null
                ? "padding of " + name
                : "padding of %s behind `%s`".formatted(name, join(prefix, before.name()));
    }

    private static String join(String prefix, String name) {
        if (prefix.isEmpty()) return name;
        return name.isEmpty() ? prefix : prefix + "." + name;
    }
}
