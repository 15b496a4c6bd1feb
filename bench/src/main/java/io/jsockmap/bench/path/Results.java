package io.jsockmap.bench.path;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** All that was measured. */
final class Results {
    /** What a line is about. */
    private record Subject(Load load, String peer) {}

    private final Map<Subject, List<Sample>> samples = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    void add(Load load, String peer, Sample sample) {
        samples.computeIfAbsent(new Subject(load, peer), _ -> new ArrayList<>()).add(sample);
    }

    /** Says why there is no sample. */
    void fail(String what, int round, Exception why) {
        failures.add("%s, round %d: %s".formatted(what, round, why.getMessage()));
    }

    List<String> failures() {
        return failures;
    }

    private List<Sample> of(Load load, String peer) {
        return samples.getOrDefault(new Subject(load, peer), List.of());
    }

    /** The peers that were measured under a load. */
    List<String> peers(Load load) {
        return samples.keySet().stream()
                .filter(subject -> subject.load == load)
                .map(Subject::peer)
                .toList();
    }

    /** What is in the middle of the rounds. */
    OptionalDouble median(Load load, String peer, Figure figure) {
        return median(
                of(load, peer).stream()
                        .map(sample -> sample.figures().get(figure))
                        .filter(Objects::nonNull)
                        .mapToDouble(value -> value));
    }

    /** How many samples there are. */
    long count() {
        return samples.values().stream().mapToLong(List::size).sum();
    }

    /** How many of them others have disturbed. */
    long disturbed() {
        return samples.values().stream()
                .flatMap(List::stream)
                .filter(one -> Patience.isDisturbed(one.figures().get(Figure.OTHERS)))
                .count();
    }

    /** The median of what it reaches of another's value in the same round. */
    OptionalDouble ratio(Load load, String peer, String other) {
        var theirs = new LinkedHashMap<Integer, Double>();
        for (var sample : of(load, other)) {
            theirs.put(sample.round(), sample.figures().get(Figure.VALUE));
        }
        return median(
                of(load, peer).stream()
                        .filter(sample -> theirs.containsKey(sample.round()))
                        .mapToDouble(
                                sample ->
                                        sample.figures().get(Figure.VALUE)
                                                / theirs.get(sample.round())));
    }

    private static OptionalDouble median(DoubleStream values) {
        var sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) return OptionalDouble.empty();
        return OptionalDouble.of(
                sorted.length % 2 == 1
                        ? sorted[middle]
                        : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
