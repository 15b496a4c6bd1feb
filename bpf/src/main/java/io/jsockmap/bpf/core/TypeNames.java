package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Forward;
import io.jsockmap.bpf.btf.BtfType.Struct;

/** Names of types, for people and for the search. */
final class TypeNames {
    private static final String SEPARATOR = "___";

    private TypeNames() {}

    /** A type as C names it. */
    static String of(Btf btf, int id) {
        var type = btf.type(id);
        var name = type.name().isEmpty() ? "(anonymous)" : type.name();
        return switch (type) {
            case Struct struct -> (struct.union() ? "union " : "struct ") + name;
            case Forward forward -> (forward.union() ? "union " : "struct ") + name;
            case Enumeration _ -> "enum " + name;
            default -> name;
        };
    }

    /**
     * The name without what three underscores put behind it: an object's own view of a type may be
     * called so, {@code task_struct___old}.
     */
    static String withoutFlavour(String name) {
        for (int at = name.length() - SEPARATOR.length() - 1; at > 0; at--) {
            boolean separated =
                    name.startsWith(SEPARATOR, at)
                            && name.charAt(at - 1) != '_'
                            && name.charAt(at + SEPARATOR.length()) != '_';
            if (separated) return name.substring(0, at);
        }
        return name;
    }

    /** Whether two types have one name, apart from flavours. */
    static boolean same(BtfType one, BtfType other) {
        return withoutFlavour(one.name()).equals(withoutFlavour(other.name()));
    }
}
