package io.jsockmap.bench.speed;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** A run of a program, as JMH measures it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SpeedBenchmark {
    /** A subject's name. */
    @Param({})
    public String subject;

    /** An engine's name. */
    @Param({})
    public String engine;

    private Engine prepared;

    /** Loads the program, and looks once whether it says what it should. */
    @Setup
    public void load() {
        var chosen = SpeedSubject.named(subject);
        prepared = Engines.of(engine, chosen.load(chosen.file()), chosen.packet());
        chosen.check(engine, prepared.run());
    }

    /** One run. */
    @Benchmark
    public long run() {
        return prepared.run();
    }
}
