package io.jsockmap.dashboard.collect;

import io.jsockmap.dashboard.state.ProgramRow;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What each program decided. Programs of one name count as one, so that metrics can name them. */
final class Tallies {
    private final Map<String, Tally> byName = new ConcurrentHashMap<>();

    Tally of(String program) {
        // Most often it is there; computeIfAbsent may lock.
        var tally = byName.get(program);
        return tally != null ? tally : byName.computeIfAbsent(program, _ -> new Tally());
    }

    Tally.Total total() {
        return byName.values().stream()
                .map(Tally::total)
                .reduce(Tally.Total.NONE, Tally.Total::plus);
    }

    /** By name, direction and verdict; only what happened. */
    List<ProgramRow> rows() {
        return byName.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(entry -> entry.getValue().rows(entry.getKey()))
                .toList();
    }
}
