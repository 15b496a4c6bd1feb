package io.jsockmap.bench.speed;

import io.jsockmap.bench.Progress;

import org.openjdk.jmh.runner.RunnerException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures how fast programs run: here, in the running kernel and by uBPF, as far as they are
 * there. The kernel runs them on bytes that it is given; nothing is attached.
 */
public final class Speed {
    private static final List<SpeedSubject> SUBJECTS = SpeedSubject.ALL;

    private Speed() {}

    /**
     * Writes {@code performance-speed.md} into a folder.
     *
     * @throws IllegalStateException if a program says something else anywhere than it should
     */
    public static void measure(Path target) throws IOException, InterruptedException {
        for (var subject : SUBJECTS) check(subject);
        var asked = new ArrayList<Peer>();
        var report = new SpeedReport();
        report.machine();
        for (var peer : List.of(new KernelPeer(), new UbpfPeer(target.resolve("ubpf")))) {
            report.peer(peer);
            if (peer.missing().isEmpty()) asked.add(peer);
        }
        report.kernelTranslates();
        report.runs(comparisons(asked), asked);
        report.verdicts(SUBJECTS, verdicts(target));
        IO.println(report);
        Files.writeString(target.resolve("performance-speed.md"), report.toString());
    }

    /** All that runs programs here agrees, before anything is measured. */
    private static void check(SpeedSubject subject) {
        var program = subject.load(subject.file());
        for (var name : Engines.names()) {
            subject.check(name, Engines.of(name, program, subject.packet()).run());
        }
    }

    private static List<Comparison> comparisons(List<Peer> peers)
            throws IOException, InterruptedException {
        var theirs = new LinkedHashMap<SpeedSubject, Map<String, Double>>();
        var progress = new Progress("run by others", SUBJECTS.size());
        for (var subject : SUBJECTS) {
            var times = new LinkedHashMap<String, Double>();
            for (var peer : peers) times.put(peer.name(), peer.measure(subject));
            progress.done(subject);
            theirs.put(subject, times);
        }
        var figures = figures();
        var comparisons = new ArrayList<Comparison>();
        for (var subject : SUBJECTS) {
            var ours = new LinkedHashMap<String, Figures.Figure>();
            for (var name : Engines.names()) ours.put(name, figures.of(subject, name));
            int size = subject.load(subject.file()).code().size();
            comparisons.add(new Comparison(subject, size, ours, theirs.get(subject)));
        }
        return comparisons;
    }

    private static Figures figures() throws IOException {
        try {
            return Figures.measure(SUBJECTS, Integer.getInteger("bench.seconds", 5));
        } catch (RunnerException e) {
            throw new IOException("JMH failed", e);
        }
    }

    private static FirstVerdicts verdicts(Path target) throws IOException, InterruptedException {
        var verdicts = new FirstVerdicts(SUBJECTS);
        verdicts.warm(Duration.ofSeconds(Integer.getInteger("bench.warmup", 30)));
        verdicts.cold(target.resolve("speed.aot"), Integer.getInteger("bench.cold", 11));
        return verdicts;
    }
}
