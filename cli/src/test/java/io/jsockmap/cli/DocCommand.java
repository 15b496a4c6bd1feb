package io.jsockmap.cli;

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
 * A command where it stands in the docs.
 *
 * @param page the page, from the root
 * @param words the command's, without {@code jsockmap}
 * @param answer what the page shows that it prints; empty where it shows nothing
 */
record DocCommand(String page, List<String> words, String answer) {
    /** What readers are told to type. */
    private static final Pattern BLOCK =
            Pattern.compile("^```sh\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern COMMAND =
            Pattern.compile("^(?:\\./)?jsockmap ((?:.*\\\\\\n)*.*)$", Pattern.MULTILINE);

    /** What somebody typed, and what came. */
    private static final Pattern DIALOGUE =
            Pattern.compile("^```\\n(\\$ jsockmap .*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern EXCHANGE =
            Pattern.compile("^\\$ jsockmap (.*)\\n((?:(?!\\$ ).*\\n)*)", Pattern.MULTILINE);

    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^\\s'\"]+)");
    private static final Set<String> WRITE = Set.of("--lcov", "--html", "--junit-xml");

    /** What readers are told to type, on all pages. */
    static Stream<DocCommand> all() throws IOException {
        try (var files = Files.walk(Outcome.ROOT.resolve("docs"))) {
            var pages =
                    Stream.concat(
                                    Stream.of("README.md", "examples/README.md")
                                            .map(Outcome.ROOT::resolve),
                                    files.filter(file -> file.toString().endsWith(".md")))
                            .sorted()
                            .map(page -> Outcome.ROOT.relativize(page).toString())
                            .toList();
            return pages.stream().flatMap(DocCommand::typed).toList().stream();
        }
    }

    /** What readers of a page are told to type. */
    static Stream<DocCommand> typed(String page) {
        return BLOCK.matcher(text(page))
                .results()
                .flatMap(block -> COMMAND.matcher(block.group(1)).results())
                .map(command -> new DocCommand(page, words(command.group(1)), ""));
    }

    /** What a page shows with its answers. */
    static Stream<DocCommand> shown(String page) {
        return DIALOGUE.matcher(text(page))
                .results()
                .flatMap(dialogue -> EXCHANGE.matcher(dialogue.group(1)).results())
                .map(e -> new DocCommand(page, words(e.group(1)), e.group(2)));
    }

    private static String text(String page) {
        try {
            return Files.readString(Outcome.ROOT.resolve(page));
        } catch (IOException e) {
            throw new AssertionError(page + " can't be read", e);
        }
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

    /** Files of the repository where they are, files that are written in that folder. */
    List<String> placed(Path folder) {
        List<String> placed = new ArrayList<>();
        for (var word : words) {
            boolean written = !placed.isEmpty() && WRITE.contains(placed.getLast());
            boolean isThere = word.contains("/") && Files.exists(Outcome.ROOT.resolve(word));
            if (written) placed.add(folder.resolve(word).toString());
            else placed.add(isThere ? Outcome.ROOT.resolve(word).toString() : word);
        }
        return placed;
    }

    String name() {
        return words.getFirst();
    }

    /** Whether it asks a run, or an object file as if it were one. */
    boolean asks() {
        boolean isTestRun = words.size() > 1 && words.get(1).equals("run");
        return Set.of("prog", "map", "link", "btf").contains(name()) && !isTestRun
                || words.getFirst().startsWith("-");
    }

    @Override
    public String toString() {
        return page + ": " + String.join(" ", words);
    }
}
