package io.jsockmap.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts a JVM for each verification, and by turns with a cache of classes (JEP 514). */
final class Cold {
    private final Path cache;
    private final List<Path> files;
    private final Map<Way, List<Times>> times = new LinkedHashMap<>();

    /**
     * @param cache where the cache shall lie
     * @param files objects
     */
    Cold(Path cache, List<Path> files) {
        this.cache = cache;
        this.files = files;
    }

    /** An object, and whether its JVM has a cache. */
    record Way(Path file, boolean cached) {}

    /** Nanoseconds of loading and verifying together, and of the verifier alone. */
    record Times(long total, long verifying) {}

    /** What is in the middle of all runs. */
    Times median(Path file, boolean cached) {
        var all = times.get(new Way(file, cached));
        return new Times(
                Median.of(all.stream().map(Times::total).toList()),
                Median.of(all.stream().map(Times::verifying).toList()));
    }

    void run(int rounds) throws IOException, InterruptedException {
        java("-XX:AOTCacheOutput=" + cache, files);
        var progress = new Progress("verified cold", rounds * files.size());
        for (int round = 0; round < rounds; round++) {
            for (var file : files) {
                measure(new Way(file, false), "-XX:AOTMode=off");
                measure(new Way(file, true), "-XX:AOTCache=" + cache);
                progress.done(file.getFileName());
            }
        }
    }

    private void measure(Way way, String option) throws IOException, InterruptedException {
        var numbers = java(option, List.of(way.file)).split(" ", 2);
        times.computeIfAbsent(way, _ -> new ArrayList<>())
                .add(new Times(Long.parseLong(numbers[0]), Long.parseLong(numbers[1])));
    }

    private static String java(String option, List<Path> files)
            throws IOException, InterruptedException {
        var names = files.stream().map(Path::toString).toList();
        return FreshJvm.run(List.of(option), ColdStart.class, names);
    }
}
