package io.jsockmap.bpf.object;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.map.SpecialField;

import java.util.ArrayList;
import java.util.List;

/** Finds spin locks and timers in the type of a map's values. */
final class SpecialFields {
    /** As deep as the kernel looks. */
    private static final int MAX_DEPTH = 4;

    private final Btf types;
    private final List<SpecialField> found = new ArrayList<>();

    private SpecialFields(Btf types) {
        this.types = types;
    }

    static List<SpecialField> of(Btf types, int value) {
        var fields = new SpecialFields(types);
        if (value != 0) fields.find(value, 0, 0);
        return fields.found;
    }

    private void find(int type, int offset, int depth) {
        switch (types.resolve(type)) {
            case Struct struct when kindOf(struct) != null ->
                    found.add(new SpecialField(kindOf(struct), offset));
            case Struct struct when depth < MAX_DEPTH && !struct.union() -> {
                for (var member : struct.members()) {
                    find(member.type(), offset + member.bitOffset() / Byte.SIZE, depth + 1);
                }
            }
            case Array array when depth < MAX_DEPTH && array.count() == 1 ->
                    find(array.element(), offset, depth + 1);
            default -> {}
        }
    }

    private static SpecialField.Kind kindOf(Struct struct) {
        for (var kind : SpecialField.Kind.values()) {
            if (kind.structure().equals(struct.name())) return kind;
        }
        return null;
    }
}
