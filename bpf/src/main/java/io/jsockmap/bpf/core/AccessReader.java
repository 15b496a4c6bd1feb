package io.jsockmap.bpf.core;

import io.jsockmap.bpf.MalformedObjectException;
import io.jsockmap.bpf.btf.Btf;
import io.jsockmap.bpf.btf.BtfType.Array;
import io.jsockmap.bpf.btf.BtfType.Enumeration;
import io.jsockmap.bpf.btf.BtfType.Struct;
import io.jsockmap.bpf.btf.CoreRecord;

import java.util.ArrayList;
import java.util.List;

/** Understands the access of a record by the object's own types. */
final class AccessReader {
    /** As many steps as libbpf takes. */
    private static final int MAX_STEPS = 64;

    private final Btf btf;
    private final CoreRecord entry;

    AccessReader(Btf btf, CoreRecord entry) {
        this.btf = btf;
        this.entry = entry;
    }

    /** Follows the numbers from the type to a field. */
    Place field() {
        var numbers = numbers();
        var place = Place.of(btf, entry.type(), numbers.getFirst());
        int type = entry.type();
        for (int number : numbers.subList(1, numbers.size())) {
            switch (btf.resolve(type)) {
                case Struct struct -> {
                    if (number >= struct.members().size()) {
                        throw bad(
                                "member %d of %s, which has %d",
                                number, TypeNames.of(btf, type), struct.members().size());
                    }
                    var member = struct.members().get(number);
                    place =
                            member.name().isEmpty()
                                    ? place.anonymous(member)
                                    : place.member(struct, member);
                    type = member.type();
                }
                case Array array -> {
                    if (!place.hasElement(array, number)) {
                        throw bad("element %d of an array of %d", number, array.count());
                    }
                    place = place.element(number, array.element());
                    type = array.element();
                }
                default -> throw bad("%s has no parts", TypeNames.of(btf, type));
            }
        }
        return place;
    }

    /** The type as a whole. */
    Place type() {
        if (!entry.access().equals("0")) throw bad("a type as a whole is accessed by \"0\"");
        btf.type(entry.type());
        return new Place(btf, entry.type(), List.of(new Step.Element(0, entry.type())), 0);
    }

    /** Which of an enumeration's values is meant. */
    int value() {
        var numbers = numbers();
        if (!(btf.resolve(entry.type()) instanceof Enumeration enumeration)) {
            throw bad("%s is no enumeration", TypeNames.of(btf, entry.type()));
        }
        int count = enumeration.constants().size();
        if (numbers.size() != 1 || numbers.getFirst() >= count) {
            throw bad("one of %d values is accessed by its number", count);
        }
        return numbers.getFirst();
    }

    private List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>();
        for (var text : entry.access().split(":", -1)) numbers.add(number(text));
        if (numbers.size() > MAX_STEPS) {
            throw bad("%d steps, at most %d expected", numbers.size(), MAX_STEPS);
        }
        return numbers;
    }

    private int number(String text) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || text.length() > 9) {
            throw bad("expected numbers with colons between, 0:1:2");
        }
        return Integer.parseInt(text);
    }

    MalformedObjectException bad(String problem, Object... values) {
        return new MalformedObjectException(
                entry.section(),
                entry.offset(),
                "bad CO-RE relocation, kind %d, type %d, access \"%s\": %s"
                        .formatted(
                                entry.kind(),
                                entry.type(),
                                printable(entry.access()),
                                problem.formatted(values)));
    }

    private static String printable(String access) {
        var text = new StringBuilder();
        access.chars().limit(40).forEach(c -> text.append(c >= ' ' && c < 127 ? (char) c : '?'));
        return text.toString();
    }
}
