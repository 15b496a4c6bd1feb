package io.jsockmap.corpus.fuzz;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.corpus.fuzz.Differential.Mode;
import io.jsockmap.corpus.fuzz.Differential.Result;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What two machines were seen not to do alike: the first of each kind, made small. Thread-safe. */
final class Differences {
    private final int runs;
    private final Map<String, String> found = new TreeMap<>();

    /**
     * @param runs how many runs of each program were compared
     */
    Differences(int runs) {
        this.runs = runs;
    }

    /** Takes a program, unless there is one that shows the like. */
    void add(Draft draft, Mode mode, long seed, String what) {
        var kind = mode + ", " + kind(what);
        synchronized (found) {
            if (found.putIfAbsent(kind, "") != null) return;
        }
        var small = reduced(draft, mode, seed, kind(what));
        var text = "seed %d, %s: %s%n%s".formatted(seed, mode, what, small);
        IO.println(text);
        synchronized (found) {
            found.put(kind, text);
        }
    }

    private Draft reduced(Draft draft, Mode mode, long seed, String kind) {
        var machines = new Differential();
        return Reducer.reduce(
                draft,
                candidate -> {
                    try {
                        return machines.of(candidate, mode, runs, seed)
                                        instanceof Result.Different(var what)
                                && kind(what).equals(kind);
                    } catch (IllegalArgumentException | BpfException _) {
                        return false;
                    }
                });
    }

    /** What it is about, without numbers. */
    private static String kind(String what) {
        int colon = what.indexOf(':');
        return colon < 0 ? what : what.substring(0, colon);
    }

    Collection<String> all() {
        synchronized (found) {
            return List.copyOf(found.values());
        }
    }
}
