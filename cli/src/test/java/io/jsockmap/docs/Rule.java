package io.jsockmap.docs;

import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A rule of docs/semantics.md, or a case from the field.
 *
 * @param section its letter
 * @param number its number
 */
record Rule(char section, int number) implements Comparable<Rule> {
    /** The sections in the order of the document. */
    private static final String SECTIONS = "MPSKORHXFDC";

    private static final String ONE = "[" + SECTIONS + "]\\d{1,2}";
    private static final String ONE_OR_RANGE = ONE + "(?:\\.\\." + ONE + ")?";

    private static final Pattern RANGE = Pattern.compile("(" + ONE + ")(?:\\.\\.(" + ONE + "))?");
    private static final Pattern LIST = Pattern.compile("%s(?:, %1$s)*".formatted(ONE_OR_RANGE));

    /** Numbers stand before a colon, at the start of a name or behind a semicolon. */
    private static final Pattern IN_NAME = Pattern.compile("(?:^|; )(" + LIST + "):");

    private static final Comparator<Rule> ORDER =
            Comparator.<Rule>comparingInt(rule -> SECTIONS.indexOf(rule.section))
                    .thenComparingInt(Rule::number);

    static Rule of(String text) {
        return new Rule(text.charAt(0), Integer.parseInt(text.substring(1)));
    }

    /** All of a section from 1 on. */
    static Stream<Rule> upTo(char section, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(number -> new Rule(section, number));
    }

    /** The rules of a list: "M1", "M1, M3", "F2..F4". */
    static List<Rule> list(String text) {
        if (!LIST.matcher(text).matches()) {
            throw new IllegalArgumentException("not a list of rules: " + text);
        }
        return RANGE.matcher(text).results().flatMap(Rule::range).toList();
    }

    private static Stream<Rule> range(MatchResult match) {
        var first = of(match.group(1));
        if (match.group(2) == null) return Stream.of(first);
        var last = of(match.group(2));
        if (last.section != first.section || last.number <= first.number) {
            throw new IllegalArgumentException("not a range of rules: " + match.group());
        }
        return upTo(first.section, last.number).skip(first.number - 1L);
    }

    /** The rules that the name of a test says it proves. */
    static List<Rule> inName(String name) {
        return IN_NAME.matcher(name)
                .results()
                .flatMap(match -> list(match.group(1)).stream())
                .toList();
    }

    @Override
    public int compareTo(Rule other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return section == 'C' ? "C%02d".formatted(number) : "" + section + number;
    }
}
