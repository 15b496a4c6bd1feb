package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Struct;

import java.util.ArrayList;
import java.util.List;

/**
 * A place inside of a type.
 *
 * @param btf the types
 * @param root the number of the type
 * @param steps how one gets there; the first is always an element
 * @param bits how far it lies from the type's start
 */
record Place(Btf btf, int root, List<Step> steps, long bits) {
    Place {
        steps = List.copyOf(steps);
    }

    /** The value at an index of values of a type, side by side. */
    static Place of(Btf btf, int root, int index) {
        var start = new Step.Element(index, root);
        return new Place(btf, root, List.of(start), bits(btf, root, index));
    }

    /** Further to an element; the type is the element's. */
    Place element(int index, int type) {
        return further(new Step.Element(index, type), bits(btf, type, index));
    }

    /** Further to a member that has a name. */
    Place member(Struct struct, Member member) {
        boolean last = struct.members().getLast().equals(member);
        return further(new Step.Member(member, last), member.bitOffset());
    }

    /** Further into a member without a name, which is no step of its own. */
    Place anonymous(Member member) {
        return new Place(btf, root, steps, bits + member.bitOffset());
    }

    private Place further(Step step, long distance) {
        var more = new ArrayList<>(steps);
        more.add(step);
        return new Place(btf, root, more, bits + distance);
    }

    private static long bits(Btf btf, int type, int index) {
        return (long) index * btf.sizeOf(type) * Byte.SIZE;
    }

    Step last() {
        return steps.getLast();
    }

    /** The type at which the steps have arrived. */
    int type() {
        return switch (last()) {
            case Step.Element(int _, int type) -> type;
            case Step.Member(var member, boolean _) -> member.type();
        };
    }

    /**
     * Whether an array has an element of that index: one that ends a structure, and has no count of
     * its own there, has as many as one likes.
     */
    boolean hasElement(Array array, int index) {
        boolean flexible =
                array.count() == 0 && last() instanceof Step.Member(var _, boolean end) && end;
        return index < array.count() || flexible;
    }

    /** As one would write it in C: {@code struct sk_msg_md.remote_ip6[3]}. */
    String text() {
        var text = new StringBuilder(TypeNames.of(btf, root));
        if (steps.getFirst() instanceof Step.Element(int index, int _) && index != 0) {
            text.append('[').append(index).append(']');
        }
        for (var step : steps.subList(1, steps.size())) {
            switch (step) {
                case Step.Member(var member, boolean _) -> text.append('.').append(member.name());
                case Step.Element(int index, int _) -> text.append('[').append(index).append(']');
            }
        }
        return text.toString();
    }
}
