package io.jsockmap.corpus;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A mapping of YAML whose values are text, lists and mappings. */
record CorpusNode(Map<String, Object> values) {
    private static final List<String> ANSWERS =
            List.of("expect", "errno", "message", "why", "differs", "ours", "ours-message");

    @SuppressWarnings("unchecked")
    static CorpusNode of(Object value) {
        if (value instanceof Map<?, ?> map) return new CorpusNode((Map<String, Object>) map);
        throw new IllegalArgumentException("a mapping was expected: " + value);
    }

    String text(String key) {
        return optionalText(key).orElseThrow(() -> new IllegalArgumentException("no " + key));
    }

    Optional<String> optionalText(String key) {
        return Optional.ofNullable(values.get(key)).map(Object::toString);
    }

    /** A mapping, empty if there is none of that key. */
    Map<String, Object> mapping(String key) {
        return values.containsKey(key) ? of(values.get(key)).values : Map.of();
    }

    /** A list of texts; a single text is a list of one. */
    List<String> texts(String key) {
        return switch (values.get(key)) {
            case null -> List.of();
            case List<?> list -> list.stream().map(Object::toString).toList();
            case Object one -> List.of(one.toString());
        };
    }

    void allowOnly(Collection<String> keys) {
        for (var key : values.keySet()) {
            if (!keys.contains(key)) throw new IllegalArgumentException("unknown key " + key);
        }
    }

    /** The cases that a template stands for: itself, or one for each variant of {@code with}. */
    List<CorpusNode> variants() {
        var rest = new LinkedHashMap<>(values);
        var with = rest.remove("with");
        List<CorpusNode> variants = new ArrayList<>();
        for (var variant : choices(with)) variants.add(new CorpusNode(rest).with(variant));
        return variants;
    }

    private static List<Map<String, String>> choices(Object with) {
        return switch (with) {
            case null -> List.of(Map.of());
            case List<?> list -> list.stream().map(one -> texts(of(one).values)).toList();
            case Map<?, ?> product -> product(of(product));
            default -> throw new IllegalArgumentException("with: a list or a mapping");
        };
    }

    private static Map<String, String> texts(Map<String, Object> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((key, value) -> texts.put(key, value.toString()));
        return texts;
    }

    private static List<Map<String, String>> product(CorpusNode lists) {
        List<Map<String, String>> all = List.of(Map.of());
        for (var key : lists.values.keySet()) {
            List<Map<String, String>> longer = new ArrayList<>();
            for (var start : all) {
                for (var value : lists.texts(key)) {
                    var choice = new LinkedHashMap<>(start);
                    choice.put(key, value);
                    longer.add(choice);
                }
            }
            all = longer;
        }
        return all;
    }

    /** This template for one variant: {@code $key} in its texts becomes the variant's value. */
    private CorpusNode with(Map<String, String> variant) {
        if (variant.isEmpty()) return this;
        Map<String, Object> result = new LinkedHashMap<>(values);
        variant.forEach(
                (key, value) -> {
                    if (CorpusReader.KEYS.contains(key)) result.put(key, value);
                });
        var name = text("name");
        if (!name.contains("$")) result.put("name", name + " " + chosen(variant));
        result.replaceAll((_, value) -> fill(value, variant));
        // Values of several lines are code.
        result.computeIfPresent("name", (_, filled) -> filled.toString().replace("\n", "; "));
        return new CorpusNode(result);
    }

    /** What makes a variant another case, without what is said of it. */
    private static Map<String, String> chosen(Map<String, String> variant) {
        var chosen = new LinkedHashMap<>(variant);
        chosen.keySet().removeAll(ANSWERS);
        return chosen;
    }

    private static Object fill(Object value, Map<String, String> variant) {
        return switch (value) {
            case List<?> list -> list.stream().map(one -> fill(one, variant)).toList();
            case Map<?, ?> map -> {
                Map<String, Object> filled = new LinkedHashMap<>();
                map.forEach((key, one) -> filled.put(key.toString(), fill(one, variant)));
                yield filled;
            }
            default -> fill(value.toString(), variant);
        };
    }

    private static String fill(String text, Map<String, String> variant) {
        // The longest name first, so that $off does not end $offset.
        var names =
                variant.keySet().stream()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
        var filled = text;
        for (var name : names) filled = filled.replace("$" + name, variant.get(name));
        return filled;
    }
}
