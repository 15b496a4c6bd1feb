package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

@DisplayName("docs/dependencies.md")
class DependenciesDocTest {
    private static final Path ROOT = Path.of(System.getProperty("jsockmap.root", ".."));
    private static final Pattern MODULE = Pattern.compile("<module>([\\w-]+)</module>");
    private static final Pattern DEPENDENCY =
            Pattern.compile(
                    "(?s)<dependency>.*?<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)<");

    /** A row of a table: its first column names artifacts. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| (`[^|]+) \\|");

    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    @Test
    void eachDependencyOfAModuleIsExplainedAndNoOther() throws IOException {
        assertThat(explained()).isEqualTo(used());
    }

    private static Set<String> used() throws IOException {
        // All modules have what the root gives them.
        Set<String> used = new TreeSet<>(Set.of("junit-jupiter", "assertj-core"));
        var modules = MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")));
        while (modules.find()) {
            var pom = Files.readString(ROOT.resolve(modules.group(1)).resolve("pom.xml"));
            var dependencies = DEPENDENCY.matcher(pom);
            while (dependencies.find()) {
                if (!dependencies.group(1).startsWith("io.jsockmap")) {
                    used.add(dependencies.group(2));
                }
            }
        }
        return used;
    }

    private static Set<String> explained() throws IOException {
        Set<String> names = new TreeSet<>();
        var rows = ROW.matcher(Files.readString(ROOT.resolve("docs/dependencies.md")));
        while (rows.find()) {
            var row = NAME.matcher(rows.group(1));
            while (row.find()) names.add(row.group(1));
        }
        return names;
    }
}
