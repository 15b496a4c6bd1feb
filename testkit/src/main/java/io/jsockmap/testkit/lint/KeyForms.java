package io.jsockmap.testkit.lint;

import static io.jsockmap.bpf.program.HelperNumbers.MSG_REDIRECT_HASH;
import static io.jsockmap.bpf.program.HelperNumbers.SK_REDIRECT_HASH;
import static io.jsockmap.bpf.program.HelperNumbers.SOCK_HASH_UPDATE;

import io.jsockmap.testkit.lint.flow.CallSite;
import io.jsockmap.testkit.lint.flow.Ports;
import io.jsockmap.testkit.lint.flow.State.Cell;
import io.jsockmap.testkit.lint.flow.Value.Field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Compares the keys under which programs insert sockets with those by which they look for them. */
final class KeyForms implements Check {
    /**
     * What a key is made of.
     *
     * @param parts by their offsets in the key
     * @param whole whether there is nothing else in it
     */
    private record Form(Map<Integer, Cell> parts, boolean whole) {}

    private record Use(Subject subject, CallSite call, String map, Form form) {}

    @Override
    public void look(Subjects object, Findings findings) {
        var inserts = uses(object, Set.of(SOCK_HASH_UPDATE));
        for (var redirect : uses(object, Set.of(MSG_REDIRECT_HASH, SK_REDIRECT_HASH))) {
            var same = inserts.stream().filter(i -> i.map().equals(redirect.map())).toList();
            if (same.isEmpty()) continue;
            neverMatches(redirect, same, findings);
            toSelf(redirect, same, findings);
        }
    }

    private static List<Use> uses(Subjects object, Set<Integer> helpers) {
        List<Use> uses = new ArrayList<>();
        for (var subject : object.all()) {
            for (var call : subject.calls(helpers)) {
                var key = Keys.key(subject, call);
                if (key.isEmpty()) continue;
                var map = call.map().orElseThrow();
                var form = form(call, key.getAsInt(), map.keySize());
                uses.add(new Use(subject, call, map.name(), form));
            }
        }
        return uses;
    }

    private static Form form(CallSite call, int key, int size) {
        var parts = new TreeMap<Integer, Cell>();
        int known = 0;
        for (int i = 0; i < size; i++) {
            var cell = call.before().cell(key + i);
            if (cell.isEmpty()) continue;
            var value = cell.get().value();
            if (!(value instanceof Field) && value.constant().isEmpty()) continue;
            parts.put(i, cell.get());
            known += cell.get().size();
        }
        return new Form(parts, known == size);
    }

    /** A place of the key at which a port lies in the one byte order here, in the other there. */
    private static void neverMatches(Use redirect, List<Use> inserts, Findings findings) {
        var places = inserts.stream().map(i -> apart(redirect.form(), i.form())).toList();
        if (places.stream().anyMatch(Optional::isEmpty)) return;
        int place = places.getFirst().orElseThrow();
        var insert = inserts.getFirst();
        findings.add(
                Rule.KEY_NEVER_MATCHES,
                Severity.WARNING,
                redirect.subject(),
                redirect.call().slot(),
                "At byte %d the key has %s, while %s inserts sockets into %s under %s: no such key is ever equal."
                        .formatted(
                                place,
                                text(redirect, place),
                                insert.subject().program().name(),
                                redirect.map(),
                                text(insert, place)));
    }

    private static String text(Use use, int place) {
        return use.form().parts().get(place).value() instanceof Field f ? f.text() : "a number";
    }

    private static Optional<Integer> apart(Form one, Form other) {
        return one.parts().entrySet().stream()
                .filter(e -> areApart(e.getValue(), other.parts().get(e.getKey())))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static boolean areApart(Cell one, Cell other) {
        return other != null
                && one.size() == other.size()
                && one.value() instanceof Field a
                && other.value() instanceof Field b
                && Ports.isPort(a)
                && Ports.isPort(b)
                && a.mask() != 0
                && b.mask() != 0
                && (a.mask() & b.mask()) == 0;
    }

    private static void toSelf(Use redirect, List<Use> inserts, Findings findings) {
        if (!redirect.subject().isMessage() || !redirect.form().whole()) return;
        if (inserts.stream().noneMatch(i -> isOwn(redirect.form(), i.form()))) return;
        findings.add(
                Rule.REDIRECT_TO_SELF,
                Severity.WARNING,
                redirect.subject(),
                redirect.call().slot(),
                "This key is made as that under which %s inserts the sending socket itself into %s."
                        .formatted(inserts.getFirst().subject().program().name(), redirect.map()));
    }

    private static boolean isOwn(Form one, Form other) {
        if (!other.whole() || !one.parts().keySet().equals(other.parts().keySet())) return false;
        boolean same =
                one.parts().entrySet().stream()
                        .allMatch(e -> isSame(e.getValue(), other.parts().get(e.getKey())));
        return same && hasPort(one, Ports.LOCAL) && hasPort(one, Ports.REMOTE);
    }

    /** Without both ports a key may be that of several sockets. */
    private static boolean hasPort(Form form, String port) {
        return form.parts().values().stream()
                .anyMatch(c -> c.value() instanceof Field f && f.name().equals(port));
    }

    private static boolean isSame(Cell one, Cell other) {
        if (one.size() != other.size()) return false;
        if (one.value() instanceof Field a && other.value() instanceof Field b) {
            return a.text().equals(b.text());
        }
        return one.value().constant().isPresent()
                && Objects.equals(one.value().constant(), other.value().constant());
    }
}
