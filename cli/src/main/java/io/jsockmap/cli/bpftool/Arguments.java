package io.jsockmap.cli.bpftool;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Words in bpftool's order, taken one after the other. */
final class Arguments {
    private static final Set<String> KINDS = Set.of("id", "name");

    private final CommandSpec spec;
    private final List<String> words;
    private int at;

    Arguments(CommandSpec spec, List<String> words) {
        this.spec = spec;
        this.words = words;
    }

    boolean isEmpty() {
        return at == words.size();
    }

    /** Whether that word is next. */
    boolean isAt(String word) {
        return !isEmpty() && words.get(at).equals(word);
    }

    /** Whether that word is next; then it is taken. */
    boolean takes(String word) {
        boolean next = isAt(word);
        if (next) at++;
        return next;
    }

    /** A word that must be there. */
    String word(String what) {
        if (isEmpty()) throw mistake("expected %s behind '%s'", what, String.join(" ", words));
        return words.get(at++);
    }

    /** {@code id N}, {@code name NAME}, or a name alone. */
    List<String> reference(String what) {
        var first = word(what);
        if (!KINDS.contains(first) || isEmpty()) return List.of(first);
        return List.of(first, word(what));
    }

    /** A reference behind which there is no more. */
    List<String> only(String what) {
        var reference = reference(what);
        end();
        return reference;
    }

    /** All words up to one of those, which must not be the next. */
    List<String> upTo(String what, Set<String> ends) {
        List<String> taken = new ArrayList<>();
        while (!isEmpty() && !ends.contains(words.get(at))) taken.add(words.get(at++));
        if (taken.isEmpty()) word(what);
        return taken;
    }

    /** One of these words, which must be next. */
    String expect(String... choices) {
        var all = String.join(" or ", choices);
        var next = word(all);
        if (List.of(choices).contains(next)) return next;
        throw mistake("expected %s instead of '%s'", all, next);
    }

    /** There must be no more. */
    void end() {
        if (!isEmpty()) throw mistake("'%s' is one word too many", words.get(at));
    }

    private ParameterException mistake(String format, Object... values) {
        return new ParameterException(spec.commandLine(), format.formatted(values));
    }
}
