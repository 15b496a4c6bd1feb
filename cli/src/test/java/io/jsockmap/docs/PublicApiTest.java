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

    /** A public type of an exported package. */
    private record Type(String name, String kind, String says) {}

    @Test
    void everyPublicTypeIsListedWithWhatItSaysOfItself() throws IOException {
        var text = new StringBuilder("# Public types\n");
        text.append("\nThis page is generated from the exported packages of all modules.\n");
        var modules = MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")));
        while (modules.find()) module(text, modules.group(1));
        Generated.check("reference/api.md", text.toString());
    }

    private static void module(StringBuilder text, String module) throws IOException {
        var sources = ROOT.resolve(module).resolve("src/main/java");
        var descriptor = sources.resolve("module-info.java");
        if (!Files.exists(descriptor)) return;
        var exports = EXPORT.matcher(Files.readString(descriptor));
        while (exports.find()) {
            if (exports.group(2) != null) continue;
            var types = types(sources.resolve(exports.group(1).replace('.', '/')));
            text.append("%n## %s%n%n".formatted(exports.group(1)));
            text.append("| %s | of module `%s` |%n| --- | --- |%n".formatted("type", module));
            for (var type : types) {
                text.append("| %s `%s` | %s |%n".formatted(type.kind, type.name, type.says));
            }
        }
    }

    private static List<Type> types(Path folder) throws IOException {
        List<Type> types = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                var source = Files.readString(file);
                var name = file.getFileName().toString().replace(".java", "");
                if (!isPublic(source, name)) continue;
                var type = TYPE.matcher(source);
                assertThat(type.find()).as("%s says what it is", file).isTrue();
                types.add(new Type(name, type.group("kind"), firstSentence(type.group("doc"))));
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
                doc.replaceAll("(?m)^\\s*\\*? ?", " ")
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
