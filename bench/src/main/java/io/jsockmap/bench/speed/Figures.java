package io.jsockmap.bench.speed;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What runs take here, by JMH: each program in a JVM of its own. */
final class Figures {
    private static final int MEDIAN = 50;

    private final Map<Key, Figure> figures = new LinkedHashMap<>();

    private record Key(String subject, String engine) {}

    /**
     * What a run takes.
     *
     * @param nanoseconds the median of the iterations
     * @param bytes allocated on the heap
     */
    record Figure(double nanoseconds, double bytes) {}

    /** Measures all subjects by all engines, with that many seconds to warm up and to measure. */
    static Figures measure(List<SpeedSubject> subjects, int seconds) throws RunnerException {
        var options =
                new OptionsBuilder()
                        .include("^" + SpeedBenchmark.class.getName() + "\\.")
                        .param("subject", names(subjects))
                        .param("engine", Engines.names().toArray(String[]::new))
                        .forks(1)
                        .warmupIterations(seconds)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(seconds)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .build();
        var measured = new Figures();
        for (var result : new Runner(options).run()) measured.add(result);
        return measured;
    }

    Figure of(SpeedSubject subject, String engine) {
        return figures.get(new Key(subject.name(), engine));
    }

    private void add(RunResult result) {
        var parameters = result.getParams();
        var key = new Key(parameters.getParam("subject"), parameters.getParam("engine"));
        var time = result.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
        var bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        figures.put(key, new Figure(time, bytes.getStatistics().getPercentile(MEDIAN)));
    }

    private static String[] names(List<SpeedSubject> subjects) {
        return subjects.stream().map(SpeedSubject::name).toArray(String[]::new);
    }
}
