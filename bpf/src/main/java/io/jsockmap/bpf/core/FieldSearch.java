package io.jsockmap.bpf.core;

import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Member;
import io.jsockmap.bpf.btf.BtfType.Struct;

import java.util.Optional;

/** Finds in a target's type what an access of the object leads to: members by their names. */
final class FieldSearch {
    /** Anonymous members in anonymous members. */
    private static final int MAX_DEPTH = 32;

    /** More than any structure has; types that were made to waste time have no more answer. */
    private static final int MAX_MEMBERS = 1 << 16;

    private final Btf target;
    private final Compatibility compatibility;
    private int seen;

    FieldSearch(Btf local, Btf target) {
        this.target = target;
        compatibility = new Compatibility(local, target);
    }

    /** The place in a type of the target, or empty if it has no such place. */
    Optional<Place> find(Place wanted, int candidate) {
        if (!(wanted.steps().getFirst() instanceof Step.Element first)) {
            throw new IllegalStateException("an access begins with an element");
        }
        seen = 0;
        var found = Optional.of(Place.of(target, candidate, first.index()));
        for (var step : wanted.steps().subList(1, wanted.steps().size())) {
            found = found.flatMap(place -> follow(place, step));
        }
        return found;
    }

    private Optional<Place> follow(Place place, Step step) {
        return switch (step) {
            case Step.Member(var member, boolean _) -> member(place, place.type(), member, 0);
            case Step.Element(int index, int _) ->
                    target.resolve(place.type()) instanceof Array array
                                    && place.hasElement(array, index)
                            ? Optional.of(place.element(index, array.element()))
                            : Optional.empty();
        };
    }

    private Optional<Place> member(Place place, int type, Member wanted, int depth) {
        if (depth > MAX_DEPTH || !(target.resolve(type) instanceof Struct struct)) {
            return Optional.empty();
        }
        for (var member : struct.members()) {
            if (++seen > MAX_MEMBERS) return Optional.empty();
            if (member.name().isEmpty()) {
                var inside = member(place.anonymous(member), member.type(), wanted, depth + 1);
                if (inside.isPresent()) return inside;
            } else if (member.name().equals(wanted.name())) {
                return compatibility.fields(wanted.type(), member.type())
                        ? Optional.of(place.member(struct, member))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
