package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The unit of systemd, with the file of its environment.
 *
 * @param start what it says that is started, as words
 * @param environment variables by name
 */
record ServiceUnit(List<String> start, Map<String, String> environment) {
    static final String FILE = "packaging/systemd/jsockmap.service";
    private static final String ENVIRONMENT = "packaging/systemd/jsockmap.env";

    static ServiceUnit read() throws IOException {
        var start =
                lines(FILE).stream()
                        .filter(line -> line.startsWith("ExecStart="))
                        .map(line -> line.substring("ExecStart=".length()))
                        .toList();
        assertThat(start).as("commands that %s starts", FILE).hasSize(1);
        var environment =
                lines(ENVIRONMENT).stream()
                        .filter(line -> !line.startsWith("#"))
                        .map(line -> line.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        return new ServiceUnit(List.of(start.getFirst().split(" ")), environment);
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(Outcome.ROOT.resolve(file));
    }

    /** What jsockmap is told: a variable in braces is one word, one without is split at blanks. */
    List<String> command() {
        List<String> words = new ArrayList<>();
        for (var word : start.subList(2, start.size())) {
            if (word.startsWith("${")) words.add(variable(word.substring(2, word.length() - 1)));
            else if (word.startsWith("$")) words.addAll(split(variable(word.substring(1))));
            else words.add(word);
        }
        return words;
    }

    private String variable(String name) {
        assertThat(environment).as("variables in %s", ENVIRONMENT).containsKey(name);
        return environment.get(name);
    }

    private static List<String> split(String value) {
        assertThat(value)
                .as("what systemd would take for more than words")
                .doesNotContain("\"", "'", "\\");
        return List.of(value.split(" "));
    }
}
