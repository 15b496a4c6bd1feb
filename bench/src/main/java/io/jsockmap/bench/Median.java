package io.jsockmap.bench;

import java.util.Collection;
import java.util.List;

/** What is in the middle of many runs. */
public final class Median {
    private Median() {}

    public static long of(Collection<Long> values) {
        var sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    /** The mean of ratios, in which twice and half even out; 1 of none. */
    public static double ofRatios(List<Double> ratios) {
        return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(0));
    }
}
