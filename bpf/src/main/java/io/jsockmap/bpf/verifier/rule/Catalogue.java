package io.jsockmap.bpf.verifier.rule;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what {@code catalogue.txt} says of each rule. */
final class Catalogue {
    private static final String CONTINUED = "  ";

    private static final Map<Rule, RuleText> TEXTS = read();

    private Catalogue() {}

    static RuleText of(Rule rule) {
        return TEXTS.get(rule);
    }

    private static Map<Rule, RuleText> read() {
        try (var in = Catalogue.class.getResourceAsStream("catalogue.txt")) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<Rule, RuleText> parse(String text) {
        var texts = new EnumMap<Rule, RuleText>(Rule.class);
        var sections = text.split("(?m)^== ", -1);
        for (int i = 1; i < sections.length; i++) {
            var lines = sections[i].lines().filter(line -> !line.isBlank()).toList();
            texts.put(Rule.valueOf(lines.getFirst()), ruleText(lines.subList(1, lines.size())));
        }
        return texts;
    }

    /** A key has the values behind it on its lines, and on the indented ones that follow. */
    private static RuleText ruleText(List<String> lines) {
        Map<String, List<String>> values = new HashMap<>();
        List<String> current = List.of();
        for (var line : lines) {
            if (line.startsWith(CONTINUED)) {
                current.add(line.substring(CONTINUED.length()));
                continue;
            }
            int colon = line.indexOf(':');
            current = values.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>());
            var value = line.substring(colon + 1).strip();
            if (!value.isEmpty()) current.add(value);
        }
        return new RuleText(
                text(values, "title"),
                values.get("phrase"),
                text(values, "means"),
                text(values, "fix"),
                example(values));
    }

    private static Optional<RuleText.Example> example(Map<String, List<String>> values) {
        if (!values.containsKey("refused")) return Optional.empty();
        return Optional.of(
                new RuleText.Example(
                        text(values, "type"),
                        values.containsKey("license") ? text(values, "license") : "GPL",
                        values.containsKey("pointers"),
                        values.getOrDefault("maps", List.of()),
                        text(values, "refused"),
                        text(values, "fixed")));
    }

    private static String text(Map<String, List<String>> values, String key) {
        return String.join("\n", values.get(key));
    }
}
