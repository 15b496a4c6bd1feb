package io.jsockmap.bpf.verifier.explain;

import io.jsockmap.bpf.verifier.rule.Rule;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A row of the table of explanations.
 *
 * @param rule the rule that is broken
 * @param when in which case of it this row counts
 * @param reason what is wrong, with the values at hand
 * @param suggestion what would make it legal
 */
record Hint(
        Rule rule,
        Predicate<Scene> when,
        Function<Scene, String> reason,
        Function<Scene, String> suggestion) {

    /** A sentence with values in it. */
    static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    boolean fits(Scene scene) {
        return rule == scene.refusal().rule() && when.test(scene);
    }
}
