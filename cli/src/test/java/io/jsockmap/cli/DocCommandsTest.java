package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The commands that the docs have. Those that come to an end are run; of those that serve, or ask
 * one that does, it is looked at whether they are understood: other tests run them.
 */
@DisplayName("commands of the docs")
class DocCommandsTest {
    private static final Pattern BLOCK =
            Pattern.compile("^```sh\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern COMMAND =
            Pattern.compile("^(?:\\./)?jsockmap ((?:.*\\\\\\n)*.*)$", Pattern.MULTILINE);
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");

    private static final Set<String> SERVE = Set.of("demo", "run", "trace", "top", "debug");
    private static final Set<String> ASK = Set.of("map", "link", "btf");
    private static final Set<String> WRITE = Set.of("--lcov", "--html", "--junit-xml");

    @TempDir private Path folder;

    /**
     * A command where it stands.
     *
     * @param page the page, from the root
     */
    record Documented(String page, List<String> words) {
        @Override
        public String toString() {
            return page + ": " + String.join(" ", words);
        }
    }

    private static Stream<Documented> commands() throws IOException {
        try (var files = Files.walk(Outcome.ROOT.resolve("docs"))) {
            var pages =
                    Stream.concat(
                                    Stream.of("README.md", "examples/README.md")
                                            .map(Outcome.ROOT::resolve),
                                    files.filter(file -> file.toString().endsWith(".md")))
                            .sorted()
                            .toList();
            return pages.stream().flatMap(DocCommandsTest::commands).toList().stream();
        }
    }

    private static Stream<Documented> commands(Path page) {
        String text;
        try {
            text = Files.readString(page);
        } catch (IOException e) {
            throw new AssertionError(page + " can't be read", e);
        }
        var name = Outcome.ROOT.relativize(page).toString();
        return BLOCK.matcher(text)
                .results()
                .flatMap(block -> COMMAND.matcher(block.group(1)).results())
                .map(command -> new Documented(name, words(command.group(1))));
    }

    /** The words of a line as a shell takes them; a comment ends it. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        var parts = WORD.matcher(line.replace("\\\n", " ").replaceFirst("\\s#.*$", ""));
        int end = -1;
        while (parts.find()) {
            var part =
                    Stream.of(1, 2, 3)
                            .map(parts::group)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .orElseThrow();
            // What touches the word before is a part of it.
            if (parts.start() == end) words.add(words.removeLast() + part);
            else words.add(part);
            end = parts.end();
        }
        return words;
    }

    @Test
    void thereAreMany() throws IOException {
        assertThat(commands()).hasSizeGreaterThan(25);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isUnderstoodAndDoesWhatItSays(Documented command) {
        var words = placed(command.words());
        if (!isRun(command)) {
            var parsed = Main.commandLine().parseArgs(words);
            assertThat(parsed.hasSubcommand()).isTrue();
            return;
        }
        var outcome = Outcome.of(words);
        boolean finds = command.toString().contains("naive-http");
        assertThat(outcome.code())
                .as("%s%n%s", outcome.out(), outcome.err())
                .isEqualTo(finds ? 1 : 0);
    }

    /** Whether it comes to an end by itself, and all it needs is there. */
    private static boolean isRun(Documented command) {
        var words = command.words();
        boolean asks = ASK.contains(words.getFirst()) || words.getFirst().equals("prog");
        boolean isTestRun = words.size() > 1 && words.get(1).equals("run");
        boolean hasFiles =
                words.stream()
                        .filter(word -> word.matches("[^-].*\\.(o|yaml)"))
                        .allMatch(word -> Files.exists(Outcome.ROOT.resolve(word)));
        if (SERVE.contains(words.getFirst()) || !hasFiles) return false;
        return !asks || isTestRun;
    }

    /** Files of the repository where they are, files that are written in a folder of the test. */
    private String[] placed(List<String> words) {
        List<String> placed = new ArrayList<>();
        for (var word : words) {
            boolean written = !placed.isEmpty() && WRITE.contains(placed.getLast());
            boolean isThere = word.contains("/") && Files.exists(Outcome.ROOT.resolve(word));
            if (written) placed.add(folder.resolve(word).toString());
            else placed.add(isThere ? Outcome.ROOT.resolve(word).toString() : word);
        }
        return placed.toArray(String[]::new);
    }
}
