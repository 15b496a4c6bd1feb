package io.jsockmap.testkit.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Each rule has a wrong program and its corrected twin. A comment on a line of C names the rules
 * that find something there; one in the header, those that find something in the object.
 */
class RulesTest {
    private static final Pattern EXPECTED = Pattern.compile("// lint: ([a-z0-9-]+)\\s*$");

    static List<Path> objects() throws Exception {
        return Objects.below(Objects.FIXTURES);
    }

    @ParameterizedTest
    @MethodSource("objects")
    void whatIsFoundIsWhatTheCommentsSay(Path object) throws Exception {
        var found = Objects.findings(object).stream().map(RulesTest::text).toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected(object));
    }

    private static String text(Finding finding) {
        return "%s %s"
                .formatted(
                        finding.line().map(l -> "line " + l.line()).orElse("object"),
                        finding.rule());
    }

    private static List<String> expected(Path object) throws Exception {
        var source = Files.readAllLines(Path.of(object.toString().replaceAll("o$", "c")));
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            var comment = EXPECTED.matcher(source.get(i));
            if (!comment.find()) continue;
            boolean code = !source.get(i).startsWith("//");
            expected.add((code ? "line " + (i + 1) : "object") + " " + comment.group(1));
        }
        return expected;
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ATTACHED_AFTER_SOCKETS")
    void eachRuleHasAWrongProgramAndACorrectedOne(Rule rule) {
        assertThat(findings(rule, "wrong")).contains(rule);
        assertThat(findings(rule, "right")).doesNotContain(rule);
    }

    private static List<Rule> findings(Rule rule, String kind) {
        var object = Objects.FIXTURES.resolve("%s-%s.bpf.o".formatted(rule.id(), kind));
        return Objects.findings(object).stream().map(Finding::rule).toList();
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void aRuleIsFoundByItsName(Rule rule) {
        assertThat(Rule.of(rule.id())).contains(rule);
        assertThat(rule.id()).matches("[a-z]+(-[a-z]+)*");
        assertThat(Rule.of(rule.name())).isEmpty();
    }
}
