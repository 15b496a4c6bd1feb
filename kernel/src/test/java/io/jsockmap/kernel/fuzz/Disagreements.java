package io.jsockmap.kernel.fuzz;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Programs of which two verifiers say different things: one, made small, for each cause. */
final class Disagreements {
    private final Map<String, Integer> counts = new TreeMap<>();
    private final Map<String, String> cases = new TreeMap<>();

    /**
     * Compares the answers for a program. If it is the first of its kind to get different ones, it
     * is reduced to the least that still does.
     *
     * @return the case of the corpus, if it is new
     */
    Optional<String> compare(Draft draft, long seed) {
        var comparison = Comparison.of(draft);
        if (comparison.isEmpty() || comparison.get().agrees()) return Optional.empty();
        var shape = comparison.get().shape();
        boolean first = counts.merge(shape, 1, Integer::sum) == 1;
        if (!first) return Optional.empty();
        var small = Reducer.reduce(draft, candidate -> has(candidate, shape));
        var answers = Comparison.of(small).orElseThrow();
        var yaml =
                CorpusYaml.of(
                        "seed " + seed,
                        small,
                        answers.kernel(),
                        "ours: " + answers.ours().orElse("accepts"));
        cases.put(shape, yaml);
        return Optional.of(yaml);
    }

    private static boolean has(Draft draft, String shape) {
        return Comparison.of(draft).map(c -> !c.agrees() && c.shape().equals(shape)).orElse(false);
    }

    boolean isEmpty() {
        return cases.isEmpty();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        cases.forEach(
                (shape, yaml) ->
                        text.append("# %s (%d times)%n".formatted(shape, counts.get(shape)))
                                .append(yaml)
                                .append('\n'));
        return text.toString();
    }
}
