package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What other modules may name is listed, so that a change of it is seen. */
@DisplayName("docs/reference/api.md")
class PublicApiTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Pattern MODULE = Pattern.compile("<module>([\\w-]+)</module>");
    private static final Pattern EXPORT = Pattern.compile("exports ([\\w.]+)( to [^;]+)?;");
    private static final Pattern TYPE =
            Pattern.compile(
                    "(?ms)^/\\*\\*(?<doc>(?:(?!\\*/).)*)\\*/\\s+(?:@[^\\n]+\\n)*"
                            + "public (?:(?:abstract|final|sealed|non-sealed) )*"
                            + "(?<kind>class|interface|enum|record|@interface) (?<name>\\w+)");

    private static final Pattern SNIPPET =
            Pattern.compile("\\{@snippet\\s+class=\"([\\w.]+)\"\\s+region=\"(\\w+)\"}");

    /** A public type of an exported package. */
    private record Type(String name, String kind, String doc) {}

    @Test
    void everyPublicTypeIsListedWithWhatItSaysOfItself() throws IOException {
        var text = new StringBuilder("# Public types\n");
        text.append("\nThis page is generated from the exported packages of all modules.\n");
        for (var module : modules()) {
            for (var exported : exports(module)) {
                text.append("%n## %s%n%n".formatted(exported));
                text.append("| %s | of module `%s` |%n| --- | --- |%n".formatted("type", module));
                for (var type : types(module, exported)) {
                    var says = firstSentence(type.doc);
                    text.append("| %s `%s` | %s |%n".formatted(type.kind, type.name, says));
                }
            }
        }
        Generated.check("reference/api.md", text.toString());
    }

    @Test
    @DisplayName("every public type shows a region of a test in which it is used")
    void everyPublicTypeHasAnExample() throws IOException {
        List<String> without = new ArrayList<>();
        for (var module : modules()) {
            for (var exported : exports(module)) {
                for (var type : types(module, exported)) {
                    if (!hasExample(module, type)) without.add(exported + "." + type.name);
                }
            }
        }
        assertThat(without).isEmpty();
    }

    private static boolean hasExample(String module, Type type) throws IOException {
        var shown = SNIPPET.matcher(type.doc);
        if (!shown.find()) return false;
        var file = "src/test/java/%s.java".formatted(shown.group(1).replace('.', '/'));
        var source = Files.readString(ROOT.resolve(module).resolve(file));
        return Pattern.compile("(?s)@start region=\"%s\"(.*?)@end".formatted(shown.group(2)))
                .matcher(source)
                .results()
                .anyMatch(
                        region -> region.group().matches("(?s).*\\b%s\\b.*".formatted(type.name)));
    }

    private static List<String> modules() throws IOException {
        return MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(found -> found.group(1))
                .filter(module -> Files.exists(descriptor(module)))
                .toList();
    }

    private static Path descriptor(String module) {
        return ROOT.resolve(module).resolve("src/main/java/module-info.java");
    }

    /** The packages that a module shows to everybody. */
    private static List<String> exports(String module) throws IOException {
        return EXPORT.matcher(Files.readString(descriptor(module)))
                .results()
                .filter(export -> export.group(2) == null)
                .map(export -> export.group(1))
                .toList();
    }

    private static List<Type> types(String module, String exported) throws IOException {
        var folder = descriptor(module).resolveSibling(exported.replace('.', '/'));
        List<Type> types = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                var source = Files.readString(file);
                var name = file.getFileName().toString().replace(".java", "");
                if (!isPublic(source, name)) continue;
                var type = TYPE.matcher(source);
                assertThat(type.find()).as("%s says what it is", file).isTrue();
                types.add(new Type(name, type.group("kind"), type.group("doc")));
            }
        }
        return types;
    }

    private static boolean isPublic(String source, String name) {
        return Pattern.compile("(?m)^public [\\w -]*(class|interface|enum|record) " + name + "\\b")
                .matcher(source)
                .find();
    }

    private static String firstSentence(String doc) {
        var plain =
                SNIPPET.matcher(doc)
                        .replaceAll("")
                        .replaceAll("(?m)^\\s*\\*? ?", " ")
                        .replaceAll("\\s+", " ")
                        .replaceAll("\\{@\\w+ ([^}]*)}", "`$1`")
                        .strip();
        int end = plain.indexOf(". ");
        int tags = plain.indexOf(" @param");
        var first = end < 0 ? plain : plain.substring(0, end + 1);
        return (tags >= 0 && tags < first.length() ? plain.substring(0, tags) : first)
                .replace("|", "\\|");
    }
}
