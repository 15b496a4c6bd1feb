package io.jsockmap.conformance.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the suite gave on one kernel, as {@code tools/guest/conformance} leaves it in a folder.
 *
 * @param name {@code uname -r}
 * @param outcomes what became of each scenario, by name
 */
record Release(String name, Map<String, Outcome> outcomes) {
    enum Outcome {
        PASS("same"),
        FAIL("differs"),
        SKIP("not asked"),
        PANIC("panics or hangs");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Release read(Path folder) throws IOException {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (var line : Files.readAllLines(folder.resolve("progress"))) {
            if (!line.startsWith("end ")) continue;
            int space = line.lastIndexOf(' ');
            var outcome = Outcome.valueOf(line.substring(space + 1).toUpperCase(Locale.ROOT));
            outcomes.put(line.substring("end ".length(), space), outcome);
        }
        for (var name : lines(folder.resolve("skip"))) outcomes.put(name, Outcome.PANIC);
        return new Release(Files.readString(folder.resolve("release")).strip(), outcomes);
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    Outcome of(String scenario) {
        return outcomes.getOrDefault(scenario, Outcome.SKIP);
    }

    long count(Outcome outcome) {
        return outcomes.values().stream().filter(outcome::equals).count();
    }
}
