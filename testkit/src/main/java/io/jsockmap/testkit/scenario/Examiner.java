package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.btf.BtfValue;
import io.jsockmap.bpf.btf.BtfValues;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.sockmap.key.KeyNotation;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.setup.Element;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Verdict;
import io.jsockmap.testkit.run.MapContents;
import io.jsockmap.testkit.stage.RunLog;
import io.jsockmap.testkit.stage.Stage;
import io.jsockmap.testkit.text.ByteText;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks at what steps expect. */
final class Examiner {
    private static final int LARGEST_DATAGRAM = 1 << 16;

    private final Stage stage;
    private final VerdictLog verdicts;
    private final RunLog log;
    private final Events events;

    /** What reading ended with; an application is told of an error once. */
    private final Map<Endpoint, Ingress.Failed> errors = new HashMap<>();

    /** Faults that steps have asked for already. */
    private final Set<String> forgiven = new HashSet<>();

    private int printedSeen;

    Examiner(Stage stage, VerdictLog verdicts, RunLog log) {
        this.stage = stage;
        this.verdicts = verdicts;
        this.log = log;
        events = new Events(stage.object());
    }

    void examine(Step step) throws Mismatch {
        switch (step) {
            case Step.Expect(var at, var bytes, var match) -> expect(at, bytes, match);
            case Step.ExpectEnd(var at) -> expectEnd(at);
            case Step.ExpectError(var at, var errno) -> expectError(at, errno);
            case Step.ExpectVerdicts expected -> expectVerdicts(expected);
            case Step.ExpectValue(var place, var value) -> expectValue(place, value);
            case Step.ExpectEvent(var map, var bytes) -> expectEvent(map, bytes);
            case Step.ExpectFault(var text) -> expectFault(text);
            case Step.ExpectPrinted(var text) -> expectPrinted(text);
            default -> throw new IllegalArgumentException("expects nothing: " + step);
        }
    }

    // --- Bytes -----------------------------------------------------------------------------------

    private void expect(Endpoint at, byte[] expected, Step.Match match) throws Mismatch {
        var found = read(at);
        if (fits(expected, found, match)) return;
        throw new Mismatch(
                at.socket(),
                match == Step.Match.EXACT
                        ? "%s reads %s, expected %s%n%s"
                                .formatted(
                                        at,
                                        ByteText.of(found),
                                        ByteText.of(expected),
                                        ByteDiff.of(expected, found))
                        : "%s reads %s, expected it to %s %s"
                                .formatted(
                                        at,
                                        ByteText.of(found),
                                        match == Step.Match.START ? "start with" : "contain",
                                        ByteText.of(expected)));
    }

    private static boolean fits(byte[] expected, byte[] found, Step.Match match) {
        return switch (match) {
            case EXACT -> Arrays.equals(expected, found);
            case START -> Bytes.text(found).startsWith(Bytes.text(expected));
            case CONTAINS -> Bytes.text(found).contains(Bytes.text(expected));
        };
    }

    private byte[] read(Endpoint at) {
        var connection = stage.socket(at.socket());
        if (!connection.socket().kind().keepsMessages()) {
            if (at.peer()) return Bytes.of(connection.peer().received());
            var bytes = Bytes.of(connection.reads());
            if (connection.outcome() instanceof Ingress.Failed failed) errors.put(at, failed);
            return bytes;
        }
        if (at.peer()) {
            var datagram = connection.peer().receivesDatagram();
            return datagram == null ? new byte[0] : Bytes.of(datagram);
        }
        return connection.recv(LARGEST_DATAGRAM) instanceof Ingress.Bytes(var chunk)
                ? chunk.copy()
                : new byte[0];
    }

    private void expectEnd(Endpoint at) throws Mismatch {
        var connection = stage.socket(at.socket());
        nothingLeft(at);
        boolean ended =
                at.peer()
                        ? connection.peer().sawEnd()
                        : connection.outcome() instanceof Ingress.End && !errors.containsKey(at);
        if (!ended) throw other(at, "the end of stream", connection);
    }

    private void expectError(Endpoint at, Errno errno) throws Mismatch {
        var connection = stage.socket(at.socket());
        nothingLeft(at);
        boolean failed =
                at.peer()
                        ? connection.peer().sawReset() && errno == Errno.ECONNRESET
                        : errors.containsKey(at) && errors.get(at).errno() == errno.number();
        errors.remove(at);
        if (!failed) throw other(at, errno.name(), connection);
    }

    private void nothingLeft(Endpoint at) throws Mismatch {
        var left = read(at);
        if (left.length == 0) return;
        throw new Mismatch(
                at.socket(),
                "%s still had bytes that no step asked for: %s".formatted(at, ByteText.of(left)));
    }

    private static Mismatch other(Endpoint at, String expected, Connection connection) {
        var found = at.peer() ? peerState(connection) : applicationState(connection);
        return new Mismatch(
                at.socket(), "%s: expected %s, found %s".formatted(at, expected, found));
    }

    private static String peerState(Connection connection) {
        if (connection.peer().sawReset()) return "a reset";
        return connection.peer().sawEnd() ? "the end of stream" : "a connection that goes on";
    }

    private static String applicationState(Connection connection) {
        return switch (connection.outcome()) {
            case Ingress.Bytes _ -> "bytes";
            case Ingress.Nothing _ -> "a connection that goes on";
            case Ingress.End _ -> "the end of stream";
            case Ingress.Failed(int errno) -> Errno.nameOf(errno);
        };
    }

    // --- Verdicts and programs -------------------------------------------------------------------

    private void expectVerdicts(Step.ExpectVerdicts expected) throws Mismatch {
        var name = expected.socket();
        expected.program().ifPresent(stage.object()::program);
        var given = verdicts.take(stage.socket(name).socket(), expected.program());
        var found = folded(given);
        if (!found.equals(expected.verdicts())) {
            throw new Mismatch(
                    name,
                    "expected %s for what %s, found %s"
                            .formatted(words(expected.verdicts()), name, words(found)));
        }
        for (var verdict : given) check(expected, verdict);
    }

    private void check(Step.ExpectVerdicts expected, VerdictLog.Given given) throws Mismatch {
        var line = expected.line().orElse(given.line());
        if (!given.line().equals(line) && !given.line().endsWith(":" + line)) {
            throw new Mismatch(
                    expected.socket(),
                    "expected line %s to decide, found %s"
                            .formatted(line, given.line().isEmpty() ? "no line" : given.line()));
        }
        if (expected.target().isEmpty() || given.verdict() != Verdict.REDIRECT) return;
        var target = new Endpoint(stage.nameOf(given.target().orElseThrow()), !given.ingress());
        if (!target.equals(expected.target().get())) {
            throw new Mismatch(
                    expected.socket(),
                    "expected a redirect to %s, found one to %s"
                            .formatted(expected.target().get(), target));
        }
    }

    private static List<Verdict> folded(List<VerdictLog.Given> given) {
        List<Verdict> folded = new ArrayList<>();
        for (var each : given) {
            if (folded.isEmpty() || folded.getLast() != each.verdict()) folded.add(each.verdict());
        }
        return folded;
    }

    private static String words(List<Verdict> verdicts) {
        if (verdicts.isEmpty()) return "no verdict";
        return verdicts.stream().map(Verdict::name).collect(Collectors.joining(", "));
    }

    /** Nothing that a program must not do is forgiven because bytes came out right. */
    void checkFaults() throws Mismatch {
        for (var fault : faults()) {
            if (!forgiven.contains(fault)) throw Mismatch.general(fault);
        }
    }

    /** Those of timers too, of which no socket is told. */
    private List<String> faults() {
        return log.notes().stream()
                .flatMap(note -> note.fault().stream())
                .map(ProgramFault::getMessage)
                .toList();
    }

    private void expectFault(String text) throws Mismatch {
        var found = faults().stream().filter(fault -> !forgiven.contains(fault)).toList();
        for (var fault : found) {
            if (fault.contains(text)) forgiven.add(fault);
        }
        if (found.stream().noneMatch(forgiven::contains)) {
            throw Mismatch.general(
                    "expected a fault with \"%s\", found %s"
                            .formatted(text, found.isEmpty() ? "none" : found.getFirst()));
        }
    }

    private void expectPrinted(String text) throws Mismatch {
        var printed = stage.printed();
        for (int i = printedSeen; i < printed.size(); i++) {
            if (!printed.get(i).contains(text)) continue;
            printedSeen = i + 1;
            return;
        }
        throw Mismatch.general(
                "expected a program to print \"%s\", found %s"
                        .formatted(
                                text,
                                printed.size() == printedSeen
                                        ? "nothing"
                                        : printed.subList(printedSeen, printed.size())));
    }

    // --- Maps ------------------------------------------------------------------------------------

    private void expectValue(String place, Optional<String> value) throws Mismatch {
        var element = Element.parse(place + "=");
        var found = element.isPresent() ? elementAt(element.get()) : Optional.of(variable(place));
        var expected = value.map(text -> expected(place, element, text));
        if (expected.equals(found.map(Object::toString))) return;
        throw Mismatch.general(
                "%s is %s, expected %s"
                        .formatted(
                                place,
                                found.map(Object::toString).orElse("not there"),
                                expected.orElse("nothing")));
    }

    private Optional<BtfValue> elementAt(Element element) {
        var object = stage.object();
        var map = object.map(element.map());
        var key = KeyNotation.parse(element.key()).key(map, object.spec().btf(), stage.naming(""));
        return MapContents.valueAt(object, stage::nameOf, element.map(), key);
    }

    private BtfValue variable(String name) {
        var object = stage.object();
        var bytes = object.variable(name).bytes();
        int type =
                object.spec().variables().stream()
                        .filter(variable -> variable.name().equals(name))
                        .findFirst()
                        .orElseThrow()
                        .type();
        return BtfValues.read(object.spec().btf(), type, bytes);
    }

    /** What was expected, as the same bytes would be shown. */
    private String expected(String place, Optional<Element> element, String text) {
        var object = stage.object();
        var btf = object.spec().btf();
        if (element.isEmpty()) {
            var variable =
                    object.spec().variables().stream()
                            .filter(v -> v.name().equals(place))
                            .findFirst()
                            .orElseThrow();
            var bytes =
                    KeyNotation.parse(text)
                            .bytes(btf, variable.type(), variable.size(), stage.naming(""));
            return BtfValues.read(btf, variable.type(), bytes).toString();
        }
        var map = object.map(element.get().map());
        if (map instanceof UserSocketMap) return text;
        var bytes = KeyNotation.parse(text).value(map, btf, stage.naming(""));
        return BtfValues.read(btf, map.definition().valueType(), bytes).toString();
    }

    private void expectEvent(String map, byte[] expected) throws Mismatch {
        var found = events.next(map);
        if (found.isEmpty()) {
            throw Mismatch.general(
                    "%s has no record, expected %s".formatted(map, ByteText.of(expected)));
        }
        if (Arrays.equals(found.get(), expected)) return;
        throw Mismatch.general(
                "the next record of %s is another one%n%s"
                        .formatted(map, ByteDiff.of(expected, found.get())));
    }
}
