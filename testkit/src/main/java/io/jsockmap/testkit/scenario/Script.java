package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.object.ObjectSpec;
import io.jsockmap.bpf.program.RunWatcher;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.stage.RunLog;
import io.jsockmap.testkit.stage.SocketChoice;
import io.jsockmap.testkit.stage.Stage;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The steps of a scenario as calls, for tests in Java. An end of a connection is named as there:
 * {@code client} is the application that has the socket, {@code client.peer} who it is connected
 * to. What is not as expected is an {@link AssertionError} that names the C line it comes from. For
 * one thread.
 *
 * <p>Texts are bytes: each character is one, up to 255.
 *
 * {@snippet class="io.jsockmap.testkit.examples.ScriptExamples" region="script"}
 */
public final class Script implements AutoCloseable {
    private final RunLog log = new RunLog();
    private final VerdictLog verdicts = new VerdictLog();
    private final Way way;
    private final Stage stage;
    private final Actor actor;

    /** Whether faults are asked for when the steps under way are over. */
    private boolean awaitsFault;

    /**
     * Loads an object, attaches its programs and sets what is to be set.
     *
     * @throws BpfException if it is refused
     */
    public Script(ObjectSpec object, ObjectSetup setup, Way way) {
        this(object, setup, way, RunWatcher.NONE);
    }

    /**
     * The same for somebody who looks on.
     *
     * @param watcher sees the runs of programs from inside
     */
    public Script(ObjectSpec object, ObjectSetup setup, Way way, RunWatcher watcher) {
        this.way = way;
        stage =
                Stage.load(
                        object,
                        setup,
                        Stage.Setting.HOSTILE
                                .with(way.play().delivery())
                                .with(RunWatcher.all(log, watcher))
                                .with(verdicts));
        actor = new Actor(stage, verdicts, log, way.play().segmentation());
    }

    /** How bytes come to programs here. */
    public Way way() {
        return way;
    }

    /** What it is played on. */
    public Stage stage() {
        return stage;
    }

    /**
     * Plays steps as scenario files write them: a list in YAML. Whatever a scenario can do or
     * expect can be said so; files are named from the working folder.
     *
     * @throws BpfException EINVAL with the line for a mistake
     */
    public Script steps(String yaml) {
        var steps = ScenarioReader.steps(Path.of("steps"), yaml);
        for (int i = 0; i < steps.size(); i++) {
            var placed = steps.get(i);
            boolean isLast = i + 1 == steps.size();
            boolean mayFault = !isLast && steps.get(i + 1).step() instanceof Step.ExpectFault;
            var place = "steps:%d: %s%n".formatted(placed.line(), placed.text());
            perform(placed.step(), place, mayFault);
        }
        return this;
    }

    // --- What is done ----------------------------------------------------------------------------

    /** Opens a socket. */
    public Script open(String name, SocketChoice choice) {
        return perform(new Step.Open(name, choice));
    }

    /** Puts a socket into a map: {@code MAP[KEY]=SOCKET}. */
    public Script insert(String element) {
        return perform(new Step.Insert(element(element), Optional.empty()));
    }

    /** Sets an element of another map: {@code MAP[KEY]=VALUE}. */
    public Script set(String element) {
        return perform(new Step.Set(element(element)));
    }

    /** Takes an element out of a map: {@code MAP[KEY]}. */
    public Script delete(String place) {
        return perform(new Step.Delete(element(place + "="), Optional.empty()));
    }

    private static Element element(String text) {
        return Element.parse(text)
                .orElseThrow(
                        () ->
                                new BpfException(
                                        Errno.EINVAL, "expected MAP[KEY]=VALUE, found " + text));
    }

    /** Sends bytes; all are accepted. */
    public Script send(String from, byte[] bytes) {
        return send(from, bytes, Optional.empty());
    }

    /** Sends a text; all of it is accepted. */
    public Script send(String from, String text) {
        return send(from, Bytes.of(text));
    }

    /** An application sends, and none of the bytes are accepted. */
    public Script sendFails(String from, String text, Errno errno) {
        return send(from, Bytes.of(text), Optional.of(errno));
    }

    private Script send(String from, byte[] bytes, Optional<Errno> errno) {
        return perform(
                new Step.Send(Endpoint.parse(from), bytes, List.of(), errno, OptionalLong.empty()));
    }

    /**
     * Sends bytes in pieces, one by one.
     *
     * @param lengths of the pieces; the rest is the last one
     * @throws BpfException EINVAL for a length below 1
     */
    public Script sendPieces(String from, byte[] bytes, int... lengths) {
        if (Arrays.stream(lengths).anyMatch(length -> length < 1)) {
            throw new BpfException(
                    Errno.EINVAL,
                    "a piece has at least one byte, found " + Arrays.toString(lengths));
        }
        return perform(
                new Step.Send(
                        Endpoint.parse(from),
                        bytes,
                        Arrays.stream(lengths).boxed().toList(),
                        Optional.empty(),
                        OptionalLong.empty()));
    }

    /** An application sends, and only so many bytes are accepted. */
    public Script sendAccepts(String from, byte[] bytes, long accepted) {
        return perform(
                new Step.Send(
                        Endpoint.parse(from),
                        bytes,
                        List.of(),
                        Optional.empty(),
                        OptionalLong.of(accepted)));
    }

    /**
     * Sends again what the side that connected sent in the first conversation of a capture (pcap,
     * pcapng), its end or reset too.
     */
    public Script replay(Path capture, String client) {
        return replay(capture, 1, Endpoint.parse(client), Optional.empty());
    }

    /** The same of both sides, and of the conversation of that number, from 1. */
    public Script replay(Path capture, long conversation, String client, String server) {
        var other = Optional.of(Endpoint.parse(server));
        return replay(capture, conversation, Endpoint.parse(client), other);
    }

    private Script replay(Path capture, long number, Endpoint client, Optional<Endpoint> server) {
        var conversation = CapturedTraffic.conversation(capture, number);
        CapturedTraffic.steps(conversation, client, server).forEach(this::perform);
        return this;
    }

    /** Closes the connection in order. */
    public Script close(String by) {
        return perform(new Step.Close(Endpoint.parse(by)));
    }

    /** Ends what that end sends. */
    public Script shutdown(String by) {
        return perform(new Step.Shutdown(Endpoint.parse(by)));
    }

    /** Resets the connection. */
    public Script reset(String by) {
        return perform(new Step.Reset(Endpoint.parse(by)));
    }

    /** Lets time go by. */
    public Script advance(Duration time) {
        return perform(new Step.Advance(time));
    }

    // --- What is expected ------------------------------------------------------------------------

    /** These bytes can be read there now, and no others. */
    public Script expect(String at, byte[] bytes) {
        return perform(new Step.Expect(Endpoint.parse(at), bytes, Step.Match.EXACT));
    }

    /** This text can be read there now, and nothing else. */
    public Script expect(String at, String text) {
        return expect(at, Bytes.of(text));
    }

    /** What can be read there now starts with this text. */
    public Script expectStart(String at, String text) {
        return perform(new Step.Expect(Endpoint.parse(at), Bytes.of(text), Step.Match.START));
    }

    /** What can be read there now contains this text. */
    public Script expectContains(String at, String text) {
        return perform(new Step.Expect(Endpoint.parse(at), Bytes.of(text), Step.Match.CONTAINS));
    }

    /** The end of stream has come there. */
    public Script expectEnd(String at) {
        return perform(new Step.ExpectEnd(Endpoint.parse(at)));
    }

    /** Reading there fails; at a far end ECONNRESET is the one error there is. */
    public Script expectError(String at, Errno errno) {
        return perform(new Step.ExpectError(Endpoint.parse(at), errno));
    }

    /** The verdicts on a socket's messages since the last call; the same in a row counts once. */
    public Script expectVerdicts(String of, Verdict... expected) {
        return perform(
                new Step.ExpectVerdicts(
                        of,
                        List.of(expected),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** The same, where all redirected messages went to one end. */
    public Script expectRedirect(String of, String to) {
        return perform(
                new Step.ExpectVerdicts(
                        of,
                        List.of(Verdict.REDIRECT),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Endpoint.parse(to))));
    }

    /** What a place holds, {@code MAP[KEY]} or a variable's name, in the notation of values. */
    public Script expectValue(String place, String value) {
        return perform(new Step.ExpectValue(place, Optional.of(value)));
    }

    /** Nothing is in a map under a key: {@code MAP[KEY]}. */
    public Script expectNothing(String place) {
        return perform(new Step.ExpectValue(place, Optional.empty()));
    }

    /** The next record of a ring buffer, perf event array or queue. */
    public Script expectEvent(String map, byte[] bytes) {
        return perform(new Step.ExpectEvent(map, bytes));
    }

    /** A program has printed a line that contains a text. */
    public Script expectPrinted(String text) {
        return perform(new Step.ExpectPrinted(text));
    }

    /**
     * Some steps end a program by a fault whose message contains a text; otherwise a fault fails
     * the step that brings it about.
     */
    public Script expectFault(String text, Runnable steps) {
        boolean before = awaitsFault;
        awaitsFault = true;
        try {
            steps.run();
        } finally {
            awaitsFault = before;
        }
        return perform(new Step.ExpectFault(text));
    }

    private Script perform(Step step) {
        return perform(step, "", false);
    }

    private Script perform(Step step, String place, boolean mayFault) {
        try {
            actor.perform(step);
            if (!mayFault && !awaitsFault) actor.checkFaults();
            return this;
        } catch (Mismatch mismatch) {
            throw failed(mismatch.socket(), place + mismatch.getMessage());
        }
    }

    private AssertionError failed(Optional<String> socket, String problem) {
        var failure = new Played.Failure(Optional.empty(), socket, problem);
        var played =
                new Played(
                        way.play(),
                        Optional.of(failure),
                        log.notes().stream().map(note -> Played.NamedRun.of(note, stage)).toList());
        var text = new StringBuilder(problem).append("%nWhen: %s.".formatted(way.words()));
        for (var reason : Diagnosis.of(played, Optional.empty())) {
            text.append("%nWhy:  %s".formatted(reason));
        }
        Advice.of(played).ifPresent(advice -> text.append("%nPerhaps: %s".formatted(advice)));
        return new AssertionError(text.toString());
    }

    /**
     * Ends it.
     *
     * @throws AssertionError if datagrams or records are left where some were read, or a byte was
     *     lost or made up, which is a mistake of jsockmap
     */
    @Override
    public void close() {
        try (stage) {
            var violations = stage.network().violations();
            if (!violations.isEmpty()) {
                throw new AssertionError(
                        "a mistake of jsockmap, please report it: "
                                + String.join("; ", violations));
            }
            actor.checkLeft();
        } catch (Mismatch mismatch) {
            throw failed(mismatch.socket(), mismatch.getMessage());
        }
    }
}
