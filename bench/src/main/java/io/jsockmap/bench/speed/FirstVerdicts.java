package io.jsockmap.bench.speed;

import io.jsockmap.bench.FreshJvm;
import io.jsockmap.bench.Median;
import io.jsockmap.bench.Progress;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How long it takes until the first verdict: in this process, warm, and in fresh ones. */
final class FirstVerdicts {
    private static final int WARM_RUNS = 101;

    private final List<SpeedSubject> subjects;
    private final Map<Key, List<Long>> times = new LinkedHashMap<>();

    FirstVerdicts(List<SpeedSubject> subjects) {
        this.subjects = subjects;
    }

    /** Where the verdict was waited for. */
    enum Where {
        /** This process, which has loaded and verified all objects before. */
        WARM,
        /** A fresh JVM. */
        COLD,
        /** A fresh JVM with a cache of classes (JEP 514). */
        CACHED
    }

    private record Key(SpeedSubject subject, String engine, Where where) {}

    /** The median, in nanoseconds. */
    long median(SpeedSubject subject, String engine, Where where) {
        return Median.of(times.get(new Key(subject, engine, where)));
    }

    /** Measures in this process, after that time of doing the same by turns. */
    void warm(Duration warmup) {
        var progress = new Progress("first verdicts, warm", Engines.names().size());
        for (var engine : Engines.names()) {
            long end = System.nanoTime() + warmup.toNanos();
            while (System.nanoTime() < end) {
                subjects.forEach(subject -> FirstVerdict.nanoseconds(subject, engine));
            }
            for (int run = 0; run < WARM_RUNS; run++) {
                for (var subject : subjects) {
                    long time = FirstVerdict.nanoseconds(subject, engine);
                    add(new Key(subject, engine, Where.WARM), time);
                }
            }
            progress.done(engine);
        }
    }

    /** Starts so many JVMs for each subject and engine, without a cache and with one by turns. */
    void cold(Path cache, int rounds) throws IOException, InterruptedException {
        var progress = new Progress("first verdicts, cold", Engines.names().size() * rounds);
        for (var engine : Engines.names()) {
            start("-XX:AOTCacheOutput=" + cache, engine, subjects);
            for (int round = 0; round < rounds; round++) {
                for (var subject : subjects) {
                    cold(new Key(subject, engine, Where.COLD), "-XX:AOTMode=off");
                    cold(new Key(subject, engine, Where.CACHED), "-XX:AOTCache=" + cache);
                }
                progress.done(engine);
            }
        }
    }

    private void cold(Key key, String option) throws IOException, InterruptedException {
        add(key, Long.parseLong(start(option, key.engine, List.of(key.subject))));
    }

    private static String start(String option, String engine, List<SpeedSubject> subjects)
            throws IOException, InterruptedException {
        var arguments = new ArrayList<String>();
        arguments.add(engine);
        subjects.forEach(subject -> arguments.add(subject.name()));
        return FreshJvm.run(List.of(option), FirstVerdict.class, arguments);
    }

    private void add(Key key, long nanoseconds) {
        times.computeIfAbsent(key, _ -> new ArrayList<>()).add(nanoseconds);
    }
}
