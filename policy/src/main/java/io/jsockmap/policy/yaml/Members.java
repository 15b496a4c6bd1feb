package io.jsockmap.policy.yaml;

import io.jsockmap.sockmap.setup.ObjectSetup;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The members of a mapping, by their keys. What is not there is empty.
 *
 * @param all in the order of the file
 */
public record Members(Map<String, Yaml> all) {

    /**
     * Complains of a key that is not known.
     *
     * @param problem what is said in front of it
     */
    public void check(String problem, Collection<String> known) {
        all.forEach(
                (key, value) -> {
                    if (known.contains(key)) return;
                    throw value.mistake(
                            "%s %s (%s)".formatted(problem, key, String.join(", ", known)));
                });
    }

    public Optional<Yaml> member(String key) {
        return Optional.ofNullable(all.get(key));
    }

    public Optional<String> text(String key) {
        return member(key).map(Yaml::text);
    }

    /** The elements of a list. */
    public List<Yaml> list(String key) {
        return member(key).map(Yaml::list).orElse(List.of());
    }

    /** The elements of a list of texts. */
    public List<String> texts(String key) {
        return list(key).stream().map(Yaml::text).toList();
    }

    /** The members of a mapping. */
    public Map<String, Yaml> pairs(String key) {
        return member(key).map(Yaml::members).orElse(Map.of());
    }

    /** What is said of an object, by the keys that all files have for that. */
    public ObjectSetup setup() {
        return new ObjectSetup(
                values("type", Yaml::text),
                texts("skip"),
                values("max-entries", Yaml::number),
                member("btf").map(file -> file.file().resolveSibling(file.text())),
                texts("set"),
                texts("attach"));
    }

    private <V> Map<String, V> values(String key, Function<Yaml, V> value) {
        return pairs(key).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> value.apply(e.getValue())));
    }
}
