package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.stream.Collectors.joining;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * docs/semantics.md names each rule once, says how it stands to Linux, and which test proves it.
 */
@DisplayName("docs/semantics.md")
class SemanticsDocTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Path DOCUMENT = ROOT.resolve("docs/semantics.md");
    private static final Path RECEIVED = ROOT.resolve("cli/target/received/semantics.md");

    private static final String TESTS = "<!-- tests: generated, do not edit -->\n";
    private static final String END_OF_TESTS = "<!-- end of tests -->";
    private static final String UNTESTED = "<!-- untested: the test reads this table -->\n";
    private static final String END_OF_UNTESTED = "<!-- end of untested -->";
    private static final String NOT_YET = "<!-- not yet: the test reads this table -->\n";
    private static final String END_OF_NOT_YET = "<!-- end of not yet -->";

    /** The contract. A number that is gone stays unused. */
    private static final List<Rule> RULES =
            Stream.of(
                            Rule.upTo('M', 54),
                            Rule.upTo('P', 22),
                            Rule.upTo('S', 45),
                            Rule.upTo('K', 43),
                            Rule.upTo('O', 10),
                            Rule.upTo('R', 20),
                            Rule.upTo('H', 6),
                            Rule.upTo('X', 5),
                            Rule.upTo('F', 42),
                            Rule.upTo('D', 6),
                            cases())
                    .flatMap(rules -> rules)
                    .toList();

    private static Stream<Rule> cases() {
        var unused = Set.of(7, 12, 17, 23, 28, 33, 38, 44);
        return Rule.upTo('C', 55).filter(rule -> !unused.contains(rule.number()));
    }

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| ([A-Z]\\d{1,2}) \\| (.+) \\| (.+) \\|$");

    private static final Pattern EXCEPTION =
            Pattern.compile("(?m)^\\| ([A-Z]\\d.*?) \\| (.+) \\|$");

    private static final Pattern STANDING =
            Pattern.compile("`=`.*|\\*\\*better\\*\\* F\\d.*|\\*differs\\*: .+|\\*not here\\*: .+");

    private static String document;
    private static SortedMap<Rule, List<NamedTest>> tests;

    @BeforeAll
    static void read() throws IOException {
        document = Files.readString(DOCUMENT);
        tests = new TreeMap<>();
        for (var source : sources()) {
            for (var test : NamedTest.in(Files.readString(source))) {
                for (var rule : test.rules()) {
                    tests.computeIfAbsent(rule, _ -> new ArrayList<>()).add(test);
                }
            }
        }
    }

    /** The tests of all modules, in an order that every machine has. */
    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        try (var modules = Files.list(ROOT)) {
            for (var module : modules.map(m -> m.resolve("src/test/java")).sorted().toList()) {
                if (!Files.isDirectory(module)) continue;
                try (var files = Files.walk(module)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .sorted()
                            .forEach(sources::add);
                }
            }
        }
        return sources;
    }

    @Test
    @DisplayName("has a row for every rule, fault and case, each once and in order")
    void everyRuleHasItsRow() {
        assertThat(rows().map(row -> Rule.of(row.group(1))).toList()).isEqualTo(RULES);
    }

    @Test
    @DisplayName(
            "says of every rule how it stands to Linux, and of better ones which fault they answer")
    void everyRuleStandsSomehow() {
        assertThat(rows().filter(row -> "MPSKORHX".indexOf(row.group(1).charAt(0)) >= 0))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.group(3)).as(row.group(1)).matches(STANDING));
    }

    @Test
    @DisplayName("knows every rule that a test says it proves")
    void testsSpeakOfRulesThatThereAre() {
        Map<Rule, List<NamedTest>> unknown = new TreeMap<>(tests);
        RULES.forEach(unknown::remove);
        assertThat(unknown).as("tests named by rules that there are not").isEmpty();
    }

    @Test
    @DisplayName("gives a reason for every rule without a test, and for no other")
    void everyRuleHasATestOrAReason() {
        var excused = new TreeSet<>(exceptions());
        var missing = new TreeSet<>(RULES);
        missing.removeAll(tests.keySet());
        missing.removeAll(excused);
        assertThat(missing.toString())
                .as(
                        "%d rules without a test: begin a test's @DisplayName with the number, or"
                                + " give a reason in \"What can't exist in user space\" or \"Not"
                                + " here yet\"",
                        missing.size())
                .isEqualTo("[]");
        excused.retainAll(tests.keySet());
        assertThat(excused)
                .as("rules that have a test: take them out of the tables of those that have none")
                .isEmpty();
    }

    @Test
    @DisplayName("tells which test proves which rule")
    void theTableIsUpToDate() throws IOException {
        assertThat(document).contains(TESTS, END_OF_TESTS);
        var current = withTable(table());
        if (!current.equals(document)) {
            Files.createDirectories(RECEIVED.getParent());
            Files.writeString(RECEIVED, current);
        }
        var command = "the table of tests has changed: cp %s %s".formatted(RECEIVED, DOCUMENT);
        assertThat(rowsOnlyIn(current, document)).as(command + "; rows that come").isEmpty();
        assertThat(rowsOnlyIn(document, current)).as(command + "; rows that go").isEmpty();
        assertThat(document.equals(current)).as(command).isTrue();
    }

    private static List<String> rowsOnlyIn(String one, String other) {
        var known = Set.copyOf(other.lines().toList());
        return one.lines().filter(line -> !known.contains(line)).toList();
    }

    private static Stream<MatchResult> rows() {
        return ROW.matcher(withTable("")).results();
    }

    private static List<Rule> exceptions() {
        return EXCEPTION
                .matcher(between(UNTESTED, END_OF_UNTESTED) + between(NOT_YET, END_OF_NOT_YET))
                .results()
                .flatMap(row -> Rule.list(row.group(1)).stream())
                .toList();
    }

    private static String between(String start, String end) {
        assertThat(document).contains(start, end);
        int from = document.indexOf(start) + start.length();
        return document.substring(from, document.indexOf(end));
    }

    /** The document with another table of tests. */
    private static String withTable(String table) {
        int from = document.indexOf(TESTS) + TESTS.length();
        return document.substring(0, from)
                + table
                + document.substring(document.indexOf(END_OF_TESTS));
    }

    private static String table() {
        var table = new StringBuilder("| rule | tests |\n| --- | --- |\n");
        tests.forEach(
                (rule, proofs) -> table.append("| %s | %s |\n".formatted(rule, cell(proofs))));
        return table.toString();
    }

    /** A line for each class, with its tests unless the class as a whole is named by the rule. */
    private static String cell(List<NamedTest> proofs) {
        var whole = proofs.stream().filter(p -> p.method().isEmpty()).map(NamedTest::type).toList();
        return proofs.stream()
                .map(NamedTest::type)
                .distinct()
                .map(
                        type ->
                                whole.contains(type)
                                        ? type
                                        : proofs.stream()
                                                .filter(proof -> proof.type().equals(type))
                                                .map(NamedTest::method)
                                                .distinct()
                                                .collect(joining(", ", type + ": ", "")))
                .collect(joining("<br>"));
    }
}
