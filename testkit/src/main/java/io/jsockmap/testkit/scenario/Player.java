package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.testkit.stage.RunLog;
import io.jsockmap.testkit.stage.Stage;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Plays a scenario in one way. */
final class Player {
    private final Scenario scenario;
    private final Play play;
    private final ScenarioRunner.Progress progress;
    private final RunLog log = new RunLog();
    private final VerdictLog verdicts = new VerdictLog();
    private final Stage stage;

    private Player(
            Scenario scenario,
            Play play,
            RunWatcher watcher,
            ScenarioRunner.Progress progress,
            BiFunction<Scenario, Stage.Setting, Stage> load) {
        this.scenario = scenario;
        this.play = play;
        this.progress = progress;
        var setting =
                Stage.Setting.HOSTILE
                        .with(play.delivery())
                        .with(scenario.limits())
                        .with(RunWatcher.all(log, watcher))
                        .with(verdicts);
        stage = load.apply(scenario, setting);
    }

    /** Plays with an object whose programs are verified before. */
    static Played first(
            Scenario scenario,
            Play play,
            ObjectSpec spec,
            RunWatcher watcher,
            ScenarioRunner.Progress progress) {
        var player =
                new Player(
                        scenario,
                        play,
                        watcher,
                        progress,
                        (s, at) -> Stage.load(spec, s.setup(), at));
        progress.loaded(player.stage.object());
        return player.play();
    }

    /** Plays with an object whose programs are known to be sound. */
    static Played again(
            Scenario scenario,
            Play play,
            ObjectSpec spec,
            RunWatcher watcher,
            ScenarioRunner.Progress progress) {
        return new Player(
                        scenario,
                        play,
                        watcher,
                        progress,
                        (s, at) -> Stage.reload(spec, s.setup(), at))
                .play();
    }

    private Played play() {
        try (stage) {
            var failure = steps();
            var runs = log.notes().stream().map(note -> Played.NamedRun.of(note, stage)).toList();
            return new Played(play, failure, runs);
        }
    }

    private Optional<Played.Failure> steps() {
        var actor = new Actor(stage, verdicts, log, play.segmentation());
        var steps = scenario.steps();
        for (int i = 0; i < steps.size(); i++) {
            var placed = steps.get(i);
            boolean isLast = i + 1 == steps.size();
            progress.performing(scenario, placed.line(), placed.text());
            try {
                if (isJoined(steps, i)) actor.hold((Step.Send) placed.step());
                else actor.perform(placed.step());
                // A fault is none where the next step asks for it.
                if (isLast || !(steps.get(i + 1).step() instanceof Step.ExpectFault)) {
                    actor.checkFaults();
                }
            } catch (Mismatch mismatch) {
                return failure(Optional.of(placed), mismatch.socket(), mismatch.getMessage());
            } catch (BpfException refusal) {
                return failure(Optional.of(placed), Optional.empty(), refusal.getMessage());
            }
        }
        var violations = stage.network().violations();
        if (violations.isEmpty()) return left(actor);
        return failure(
                Optional.empty(),
                Optional.empty(),
                "a mistake of jsockmap, please report it: " + String.join("; ", violations));
    }

    private static Optional<Played.Failure> left(Actor actor) {
        try {
            actor.checkLeft();
            return Optional.empty();
        } catch (Mismatch mismatch) {
            return failure(Optional.empty(), mismatch.socket(), mismatch.getMessage());
        }
    }

    private static Optional<Played.Failure> failure(
            Optional<Scenario.Placed> step, Optional<String> socket, String problem) {
        return Optional.of(new Played.Failure(step, socket, problem));
    }

    /** Whether what a step sends arrives together with what the next one sends. */
    private boolean isJoined(List<Scenario.Placed> steps, int i) {
        return play.segmentation() instanceof Segmentation.Joined
                && i + 1 < steps.size()
                && Plays.followEachOther(steps.get(i).step(), steps.get(i + 1).step())
                && !keepsMessages((Step.Send) steps.get(i).step());
    }

    /**
     * What is sent in messages is never joined; a socket that is not there is told when it sends.
     */
    private boolean keepsMessages(Step.Send send) {
        var socket = stage.sockets().get(send.from().socket());
        return socket != null && socket.socket().kind().keepsMessages();
    }

    /** Bytes one behind the other. */
    static byte[] joined(byte[] first, byte[] second) {
        var all = new ByteArrayOutputStream();
        all.writeBytes(first);
        all.writeBytes(second);
        return all.toByteArray();
    }
}
