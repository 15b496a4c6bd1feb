package io.jsockmap.testkit.debug;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.testkit.record.RecordedRun;
import io.jsockmap.testkit.record.Recorder;
import io.jsockmap.testkit.record.RunLimits;
import io.jsockmap.testkit.scenario.Scenario;
import io.jsockmap.testkit.scenario.ScenarioReader;
import io.jsockmap.testkit.scenario.ScenarioResult;
import io.jsockmap.testkit.scenario.ScenarioRunner;
import io.jsockmap.testkit.scenario.Way;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The session of a scenario: all runs of all its messages, and in which step each happened.
 *
 * {@snippet class="io.jsockmap.testkit.examples.DebugExamples" region="terminal"}
 */
public final class OneScenario implements Session {
    private static final long SEED = 1;

    private final Optional<Path> object;
    private final Path file;
    private final String only;
    private final Optional<Way> way;

    /** By the numbers of runs. */
    private final Map<Long, String> steps = new HashMap<>();

    private String outcome = "";

    /**
     * @param object the object file instead of the one that the scenario names
     * @param file the scenario's file
     * @param only a part of the scenario's name; empty where the file has one only
     * @param way in which it is played; empty for the easiest that fails, or as it is written
     */
    public OneScenario(Optional<Path> object, Path file, String only, Optional<Way> way) {
        this.object = object;
        this.file = file;
        this.only = only;
        this.way = way;
    }

    @Override
    public String title() {
        return file.getFileName() + (only.isEmpty() ? "" : ": " + only);
    }

    /** Reads the file anew, as somebody may have mended it. */
    @Override
    public List<RecordedRun> play() {
        var scenario = chosen(ScenarioReader.read(file));
        List<RecordedRun> runs = new ArrayList<>();
        steps.clear();
        var progress = new Steps();
        var recorder =
                new Recorder(
                        RunLimits.DEBUG,
                        run -> {
                            runs.add(run);
                            steps.put(run.number(), progress.now);
                        });
        progress.recorder = recorder;
        var result = new ScenarioRunner(object, SEED, recorder, progress).runOnce(scenario, way);
        outcome = text(result);
        return runs;
    }

    private Scenario chosen(List<Scenario> all) {
        var found = all.stream().filter(scenario -> scenario.name().contains(only)).toList();
        if (found.size() == 1) return found.getFirst();
        throw new BpfException(
                Errno.EINVAL,
                "%s: name one of its scenarios by a part of its name; there are: %s"
                        .formatted(
                                file.getFileName(),
                                all.stream()
                                        .map(Scenario::name)
                                        .collect(Collectors.joining("; "))));
    }

    /** Keeps in mind which step is under way. */
    private static final class Steps implements ScenarioRunner.Progress {
        private Recorder recorder;
        private String now = "";

        @Override
        public void played(Scenario scenario, int done, int all) {}

        @Override
        public void loaded(UserObject object) {
            recorder.loaded(object);
        }

        @Override
        public void performing(Scenario scenario, int line, String step) {
            now = "%s:%d: %s".formatted(scenario.file().getFileName(), line, step);
        }
    }

    private static String text(ScenarioResult result) {
        return result.failure()
                .map(
                        failure ->
                                "it fails at %s:%d: %s%n%s%nwhen %s"
                                        .formatted(
                                                result.scenario().file().getFileName(),
                                                failure.line(),
                                                failure.step(),
                                                failure.problem(),
                                                failure.play()))
                .orElse("all is as expected");
    }

    @Override
    public String during(RecordedRun run) {
        return steps.getOrDefault(run.number(), "");
    }

    @Override
    public String outcome() {
        return outcome;
    }
}
