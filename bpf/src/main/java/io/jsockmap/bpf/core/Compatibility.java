package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Floating;
import io.jsockmap.bpf.btf.BtfType.Forward;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Nothing;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Prototype;
import io.jsockmap.bpf.btf.BtfType.Struct;

/** Whether a target's type is of the same sort as one of the object's, whatever their sizes. */
final class Compatibility {
    private static final int MAX_DEPTH = 32;

    /** More than any type takes; types that were made to waste time are not alike. */
    private static final int MAX_STEPS = 1 << 17;

    private final Btf local;
    private final Btf target;
    private int steps;

    Compatibility(Btf local, Btf target) {
        this.local = local;
        this.target = target;
    }

    /** Whether two types are of one kind, before anything is looked through. */
    static boolean sameKind(BtfType one, BtfType other) {
        return switch (one) {
            case Struct a -> other instanceof Struct b && a.union() == b.union();
            case BtfType.Modifier _ -> false;
            default -> one.getClass() == other.getClass();
        };
    }

    /**
     * Whether a field may stand for another one: sizes and signs don't count, names of enums do.
     */
    boolean fields(int localType, int targetType) {
        var mine = local.resolve(localType);
        var other = target.resolve(targetType);
        return switch (mine) {
            case Struct _ -> other instanceof Struct;
            case Int _, Pointer _, Floating _ -> sameKind(mine, other);
            case Enumeration _, Forward _ -> sameKind(mine, other) && namesAgree(mine, other);
            case Array array ->
                    other instanceof Array(int element, int _, int _)
                            && fields(array.element(), element);
            default -> false;
        };
    }

    private static boolean namesAgree(BtfType mine, BtfType other) {
        return mine.name().isEmpty() || other.name().isEmpty() || TypeNames.same(mine, other);
    }

    /** Whether a type, found by its name, is of the same sort. */
    boolean types(int localType, int targetType) {
        steps = 0;
        return types(localType, targetType, 0);
    }

    private boolean types(int localType, int targetType, int depth) {
        if (depth > MAX_DEPTH || ++steps > MAX_STEPS) return false;
        var mine = local.resolve(localType);
        var other = target.resolve(targetType);
        if (!sameKind(mine, other)) return false;
        return switch (mine) {
            case Nothing _, Struct _, Enumeration _, Forward _, Int _ -> true;
            case Pointer(int to) -> types(to, ((Pointer) other).target(), depth + 1);
            case Array(int element, int _, int _) ->
                    types(element, ((Array) other).element(), depth + 1);
            case Prototype prototype -> prototypes(prototype, (Prototype) other, depth + 1);
            default -> false;
        };
    }

    private boolean prototypes(Prototype mine, Prototype other, int depth) {
        int count = mine.parameters().size();
        if (count != other.parameters().size()) return false;
        for (int i = 0; i < count; i++) {
            int wanted = mine.parameters().get(i).type();
            if (!types(wanted, other.parameters().get(i).type(), depth)) return false;
        }
        return types(mine.result(), other.result(), depth);
    }
}
