package io.jsockmap.corpus;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.FailsafeSchema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the corpus: a file for each topic, a list of cases in each. */
final class CorpusReader {
    private static final Path CORPUS =
            Path.of(System.getProperty("jsockmap.root", ".."))
                    .resolve("corpus/src/test/resources/corpus");

    /** The keys of a case, apart from {@code with}. */
    static final List<String> KEYS =
            List.of(
                    "name",
                    "type",
                    "license",
                    "maps",
                    "code",
                    "functions",
                    "expect",
                    "errno",
                    "message",
                    "why",
                    "differs",
                    "ours",
                    "ours-message",
                    "log");

    private CorpusReader() {}

    /**
     * The cases of one topic, or of all; {@code -Dcorpus=TOPIC} chooses one, as {@code all} does
     * all.
     *
     * @throws IllegalArgumentException naming the case that can't be read
     */
    static List<CorpusCase> cases() {
        var topic = System.getProperty("corpus", "all");
        return cases(topic.equals("all") ? "" : topic);
    }

    static List<CorpusCase> cases(String topic) {
        List<CorpusCase> cases = new ArrayList<>();
        for (var file : files()) {
            var name = file.getFileName().toString().replace(".yaml", "");
            if (topic.isEmpty() || topic.equals(name)) cases.addAll(read(name, file));
        }
        Set<String> names = new HashSet<>();
        for (var one : cases) {
            if (!names.add(one.toString())) throw new IllegalArgumentException(one + " is twice");
        }
        return cases;
    }

    private static List<Path> files() {
        try (var files = Files.list(CORPUS)) {
            return files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<CorpusCase> read(String topic, Path file) {
        // Numbers stay text, as they are written.
        var settings = LoadSettings.builder().setSchema(new FailsafeSchema()).build();
        List<CorpusCase> cases = new ArrayList<>();
        try {
            var list = (List<?>) new Load(settings).loadFromString(Files.readString(file));
            for (var one : list) {
                for (var node : CorpusNode.of(one).variants()) cases.add(read(topic, node));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static CorpusCase read(String topic, CorpusNode node) {
        try {
            return CorpusCase.of(topic, node);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "%s: %s: %s".formatted(topic, node.values().get("name"), e.getMessage()), e);
        }
    }
}
