package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Forward;
import io.jsockmap.bpf.btf.BtfType.Int;
import io.jsockmap.bpf.btf.BtfType.Nothing;
import io.jsockmap.bpf.btf.BtfType.Pointer;
import io.jsockmap.bpf.btf.BtfType.Prototype;
import io.jsockmap.bpf.btf.BtfType.Struct;

/**
 * Whether a target's type has all that the object's own has (TYPE_MATCHES): members by name and
 * type, integers of the same size and sign, values of enumerations by name. Behind a pointer only
 * names and kinds of structures count.
 */
final class Likeness {
    private static final int MAX_DEPTH = 32;

    /** More than any type takes; types that were made to waste time are not alike. */
    private static final int MAX_STEPS = 1 << 17;

    private final Btf local;
    private final Btf target;
    private int steps;

    Likeness(Btf local, Btf target) {
        this.local = local;
        this.target = target;
    }

    boolean of(int localType, int targetType) {
        steps = 0;
        return of(localType, targetType, false, 0);
    }

    private boolean of(int localType, int targetType, boolean behindPointer, int depth) {
        if (depth > MAX_DEPTH || ++steps > MAX_STEPS) return false;
        var mine = local.resolve(localType);
        var other = target.resolve(targetType);
        if (!TypeNames.same(mine, other)) return false;
        return switch (mine) {
            case Nothing _ -> other instanceof Nothing;
            case Int integer ->
                    other instanceof Int same
                            && integer.size() == same.size()
                            && integer.signed() == same.signed();
            case Enumeration enumeration ->
                    other instanceof Enumeration same && values(enumeration, same);
            case Struct struct -> behindPointer ? named(struct, other) : has(struct, other, depth);
            case Forward forward -> forward(forward, other, behindPointer);
            case Pointer(int to) ->
                    other instanceof Pointer(int there) && of(to, there, true, depth + 1);
            case Array(int element, int _, int count) ->
                    other instanceof Array(int there, int _, int size)
                            && count == size
                            && of(element, there, behindPointer, depth + 1);
            case Prototype prototype ->
                    other instanceof Prototype same
                            && prototypes(prototype, same, behindPointer, depth + 1);
            default -> false;
        };
    }

    private static boolean values(Enumeration mine, Enumeration other) {
        return mine.size() == other.size()
                && mine.constants().stream()
                        .allMatch(wanted -> EnumValues.find(other, wanted.name()).isPresent());
    }

    private static boolean named(Struct mine, BtfType other) {
        return switch (other) {
            case Struct same -> same.union() == mine.union();
            case Forward forward -> forward.union() == mine.union();
            default -> false;
        };
    }

    private static boolean forward(Forward mine, BtfType other, boolean behindPointer) {
        return switch (other) {
            case Forward same -> same.union() == mine.union();
            case Struct struct -> behindPointer && struct.union() == mine.union();
            default -> false;
        };
    }

    private boolean has(Struct mine, BtfType other, int depth) {
        if (!(other instanceof Struct struct) || struct.union() != mine.union()) return false;
        return mine.members().stream().allMatch(wanted -> hasMember(struct, wanted, depth + 1));
    }

    private boolean hasMember(Struct struct, BtfType.Member wanted, int depth) {
        var name = TypeNames.withoutFlavour(wanted.name());
        return struct.members().stream()
                .filter(m -> TypeNames.withoutFlavour(m.name()).equals(name))
                .anyMatch(m -> of(wanted.type(), m.type(), false, depth));
    }

    private boolean prototypes(Prototype mine, Prototype other, boolean behindPointer, int depth) {
        int count = mine.parameters().size();
        if (count != other.parameters().size()) return false;
        for (int i = 0; i < count; i++) {
            int there = other.parameters().get(i).type();
            if (!of(mine.parameters().get(i).type(), there, behindPointer, depth)) return false;
        }
        return of(mine.result(), other.result(), behindPointer, depth);
    }
}
