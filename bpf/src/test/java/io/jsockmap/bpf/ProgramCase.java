package io.jsockmap.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program in a file of cases, with what shall be true of it.
 *
 * <p>A case begins with {@code == title}; its program follows, then its facts as {@code -- name
 * words}. A fact that stands twice has both lines.
 *
 * @param title what it shows
 * @param text the program
 * @param facts lines by name
 */
public record ProgramCase(String title, String text, Map<String, String> facts) {
    private static final Path RESOURCES = Fixtures.ROOT.resolve("bpf/src/test/resources");

    /** The cases of a file. */
    public static List<ProgramCase> of(String file) {
        List<ProgramCase> all = new ArrayList<>();
        for (var part : read(file).split("(?m)^== ", -1)) {
            if (!part.startsWith("#")) all.add(parse(part));
        }
        return all;
    }

    private static ProgramCase parse(String part) {
        var lines = part.lines().toList();
        var text = new StringBuilder();
        Map<String, String> facts = new LinkedHashMap<>();
        for (var line : lines.subList(1, lines.size())) {
            if (line.startsWith("-- ")) {
                var fact = line.substring(3).split(" ", 2);
                facts.merge(fact[0], fact[1], (a, b) -> a + "\n" + b);
            } else {
                text.append(line).append('\n');
            }
        }
        return new ProgramCase(lines.getFirst(), text.toString(), facts);
    }

    /** A resource of the tests as text. */
    public static String read(String file) {
        try {
            return Files.readString(RESOURCES.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
