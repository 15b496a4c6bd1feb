package io.jsockmap.corpus;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Program;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A small program of the corpus, with the answer that it must get. The keys of a case in YAML are
 * told in {@code corpus/README.md}.
 *
 * @param topic the file it is in
 * @param name a sentence, unlike all others
 * @param source the program as the corpus writes it, its maps first
 * @param program what is verified
 * @param log the level of the log that the messages are in
 * @param kernel what Linux 6.18 answers
 * @param differs why our verifier answers otherwise, if it does
 * @param ours what our verifier answers
 */
record CorpusCase(
        String topic,
        String name,
        String source,
        Program program,
        int log,
        Expected kernel,
        Optional<String> differs,
        Expected ours) {

    /**
     * An answer.
     *
     * @param errno why it is refused, if the case says it
     * @param messages what the log must contain
     */
    record Expected(boolean accepted, Optional<Errno> errno, List<String> messages) {
        static Expected of(String answer, Optional<String> errno, List<String> messages) {
            boolean accepted =
                    switch (answer) {
                        case "accepted" -> true;
                        case "refused" -> false;
                        default ->
                                throw new IllegalArgumentException(
                                        "expect: accepted or refused, not " + answer);
                    };
            return new Expected(accepted, errno.map(Errno::valueOf), messages);
        }
    }

    /** Reads a case from its keys and values, all of which are text, lists or mappings. */
    static CorpusCase of(String topic, CorpusNode node) {
        node.allowOnly(CorpusReader.KEYS);
        var name = node.text("name");
        node.text("why");
        var kernel =
                Expected.of(node.text("expect"), node.optionalText("errno"), node.texts("message"));
        var differs = node.optionalText("differs");
        var ours =
                node.optionalText("ours")
                        .map(a -> Expected.of(a, Optional.empty(), node.texts("ours-message")))
                        .orElse(kernel);
        if (differs.isPresent() == ours.equals(kernel)) {
            throw new IllegalArgumentException("differs and ours go together");
        }
        int log = Integer.parseInt(node.optionalText("log").orElse("0"));
        var program = program(topic, node);
        return new CorpusCase(topic, name, source(node), program, log, kernel, differs, ours);
    }

    private static String source(CorpusNode node) {
        var maps =
                node.mapping("maps").entrySet().stream()
                        .map(map -> "; map %s: %s%n".formatted(map.getKey(), map.getValue()))
                        .collect(Collectors.joining());
        return maps + node.text("code");
    }

    private static Program program(String topic, CorpusNode node) {
        var type = CorpusTypes.type(node.text("type"));
        var maps = CorpusMaps.read(node.mapping("maps"));
        var text = CorpusText.read(node.text("code"), type, List.copyOf(maps.keySet()));
        Map<String, String> functions = new LinkedHashMap<>();
        node.mapping("functions")
                .forEach((label, prototype) -> functions.put(label, prototype.toString()));
        var license = node.optionalText("license").orElse("GPL");
        var debug =
                text.functions().isEmpty() && functions.isEmpty()
                        ? new Debug(new TreeMap<>(), List.of(), Optional.empty(), license)
                        : CorpusTypes.debug(type, text, functions, license);
        return new Program(topic, type, text.code(), List.copyOf(maps.values()), debug);
    }

    @Override
    public String toString() {
        return topic + ": " + name;
    }
}
