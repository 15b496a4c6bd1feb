package io.jsockmap.testkit.scenario;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A row of the table of steps.
 *
 * @param name the key that names the step
 * @param kind what stands behind it
 * @param words what it does, for people
 * @param fields the other keys
 * @param make makes the step
 */
record Verb(
        String name, Kind kind, String words, List<Field> fields, Function<Arguments, Step> make) {

    /**
     * Another key of a step.
     *
     * @param required whether it must be there
     */
    record Field(String name, Kind kind, boolean required, String words) {}

    static Field required(String name, Kind kind, String words) {
        return new Field(name, kind, true, words);
    }

    static Field optional(String name, Kind kind, String words) {
        return new Field(name, kind, false, words);
    }

    Optional<Field> field(String key) {
        return fields.stream().filter(field -> field.name().equals(key)).findFirst();
    }
}
