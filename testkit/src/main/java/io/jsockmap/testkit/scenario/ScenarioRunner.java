package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.sockmap.UserObject;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plays scenarios: each in every way that its {@link PlayChoice} asks for, on a network of its own.
 * For one thread.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScenarioExamples" region="play"}
 */
public final class ScenarioRunner {
    private final Optional<Path> object;
    private final long seed;
    private final RunWatcher watcher;
    private final Progress progress;
    private final Map<Path, ObjectSpec> objects = new HashMap<>();

    /** Hears how far a scenario is; called on the thread that plays. */
    @FunctionalInterface
    public interface Progress {
        /** So many ways of so many are played. */
        void played(Scenario scenario, int done, int all);

        /** The object of a scenario was loaded; valid during the call only. */
        default void loaded(UserObject object) {}

        /** A step is next: where it stands in the scenario's file, and its first line there. */
        default void performing(Scenario scenario, int line, String step) {}
    }

    /**
     * @param object the object file for scenarios that name none, and instead of the one they name
     * @param seed of all that is at random: the same seed has the same outcome
     * @param watcher sees all runs from inside
     */
    public ScenarioRunner(Optional<Path> object, long seed, RunWatcher watcher, Progress progress) {
        this.object = object;
        this.seed = seed;
        this.watcher = watcher;
        this.progress = progress;
    }

    /** Plays without anybody looking on. */
    public ScenarioRunner(Optional<Path> object, long seed) {
        this(object, seed, RunWatcher.NONE, (_, _, _) -> {});
    }

    /** Plays a scenario in all its ways; it fails too if its object can't be loaded. */
    public ScenarioResult run(Scenario scenario) {
        long start = System.nanoTime();
        try {
            return play(scenario, start);
        } catch (BpfException refused) {
            return refused(scenario, refused, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** What can't be loaded fails for itself alone. */
    private static ScenarioResult refused(Scenario scenario, BpfException refused, Duration time) {
        var failure =
                new ScenarioResult.Failure(
                        scenario.line(),
                        "",
                        refused.getMessage(),
                        "the object is loaded",
                        false,
                        List.of(),
                        Optional.empty());
        return new ScenarioResult(scenario, 1, 1, Optional.of(failure), time);
    }

    private ScenarioResult play(Scenario scenario, long start) {
        var spec = spec(scenario);
        var plays = Plays.of(scenario, seed);
        Optional<Played> passing = Optional.empty();
        Optional<Played> failing = Optional.empty();
        int failed = 0;
        for (int i = 0; i < plays.size(); i++) {
            var played =
                    i == 0
                            ? Player.first(scenario, plays.get(i), spec, watcher, progress)
                            : Player.again(scenario, plays.get(i), spec, watcher, progress);
            if (played.failure().isEmpty() && passing.isEmpty()) passing = Optional.of(played);
            if (played.failure().isPresent()) {
                failed++;
                if (failing.isEmpty()) failing = Optional.of(played);
            }
            progress.played(scenario, i + 1, plays.size());
        }
        var reference = passing;
        return new ScenarioResult(
                scenario,
                plays.size(),
                failed,
                failing.map(played -> failure(scenario, played, reference)),
                Duration.ofNanos(System.nanoTime() - start));
    }

    /**
     * Plays a scenario once, so that somebody can look at it.
     *
     * @param way in which; empty for the easiest that fails, or as it is written if none does
     * @throws BpfException if its object can't be loaded
     */
    public ScenarioResult runOnce(Scenario scenario, Optional<Way> way) {
        long start = System.nanoTime();
        var spec = spec(scenario);
        var play = way.map(Way::play).or(() -> easiestFailing(scenario, spec)).orElse(Play.WHOLE);
        var played = Player.first(scenario, play, spec, watcher, progress);
        return new ScenarioResult(
                scenario,
                1,
                played.failure().isPresent() ? 1 : 0,
                played.failure().map(_ -> failure(scenario, played, Optional.empty())),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private Optional<Play> easiestFailing(Scenario scenario, ObjectSpec spec) {
        Progress nobody = (_, _, _) -> {};
        return Plays.of(scenario, seed).stream()
                .map(play -> Player.first(scenario, play, spec, RunWatcher.NONE, nobody))
                .filter(played -> played.failure().isPresent())
                .map(Played::play)
                .findFirst();
    }

    private ObjectSpec spec(Scenario scenario) {
        var file =
                object.or(scenario::object)
                        .orElseThrow(
                                () ->
                                        new BpfException(
                                                Errno.ENOENT,
                                                "%s:%d: the scenario names no object, and the"
                                                                .formatted(
                                                                        scenario.file()
                                                                                .getFileName(),
                                                                        scenario.line())
                                                        + " command line neither: add object:"
                                                        + " FILE"));
        return objects.computeIfAbsent(file, ObjectReader::read);
    }

    private static ScenarioResult.Failure failure(
            Scenario scenario, Played played, Optional<Played> passing) {
        var failure = played.failure().orElseThrow();
        boolean onlyHostile = passing.filter(other -> other.play().equals(Play.WHOLE)).isPresent();
        return new ScenarioResult.Failure(
                failure.step().map(Scenario.Placed::line).orElse(scenario.line()),
                failure.step().map(Scenario.Placed::text).orElse(""),
                failure.problem(),
                played.play().words(),
                onlyHostile,
                Diagnosis.of(played, passing),
                onlyHostile ? Advice.of(played) : Optional.empty());
    }

    /** Runs several, in their order. */
    public List<ScenarioResult> run(List<Scenario> scenarios) {
        return scenarios.stream().map(this::run).toList();
    }
}
