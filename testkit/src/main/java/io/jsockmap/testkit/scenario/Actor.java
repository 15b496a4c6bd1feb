package io.jsockmap.testkit.scenario;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Sending;
import io.jsockmap.testkit.stage.RunLog;
import io.jsockmap.testkit.stage.Stage;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Does what steps say, and has {@link Examiner} look at what they expect. */
final class Actor {
    private final Map<Endpoint, Long> sentBefore = new HashMap<>();
    private final Map<Endpoint, byte[]> held = new HashMap<>();

    /** Far ends that send no more. */
    private final Set<Endpoint> ended = new HashSet<>();

    private final Stage stage;
    private final Segmentation segmentation;
    private final Examiner examiner;

    Actor(Stage stage, VerdictLog verdicts, RunLog log, Segmentation segmentation) {
        this.stage = stage;
        this.segmentation = segmentation;
        examiner = new Examiner(stage, verdicts, log);
    }

    void perform(Step step) throws Mismatch {
        switch (step) {
            case Step.Send send -> send(send);
            case Step.Open(var name, var choice) -> stage.open(name, choice);
            case Step.Insert(var element, var errno) ->
                    expecting(errno, () -> stage.insert(element));
            case Step.Delete(var element, var errno) ->
                    expecting(errno, () -> stage.delete(element));
            case Step.Set(var element) -> stage.set(element);
            case Step.Advance(var time) -> stage.time().advance(time);
            case Step.Close(var by) -> close(by);
            case Step.Shutdown(var by) -> shutdown(by);
            case Step.Reset(var by) -> reset(by);
            default -> examiner.examine(step);
        }
    }

    /** Fails if there was a fault that no step has asked for. */
    void checkFaults() throws Mismatch {
        examiner.checkFaults();
    }

    /** Fails if somebody who reads one by one has not read all. */
    void checkLeft() throws Mismatch {
        examiner.checkLeft();
    }

    /** Keeps bytes back, to arrive with those that are sent next. */
    void hold(Step.Send send) {
        held.merge(send.from(), send.bytes(), Player::joined);
    }

    private void send(Step.Send send) throws Mismatch {
        var connection = stage.socket(send.from().socket());
        if (ended.contains(send.from())) throw brokenPipe(send.from());
        if (!send.from().peer()) sendFromApplication(connection, send);
        else if (connection.socket().kind().keepsMessages()) sendDatagrams(connection, send);
        else sendFromPeer(connection, send);
    }

    /** Nothing tells an application here, as no socket of the engine sends. */
    private static BpfException brokenPipe(Endpoint from) {
        return new BpfException(
                Errno.EPIPE,
                "%s sends no more: a step before this closed, shut down or reset it"
                        .formatted(from));
    }

    private static void sendDatagrams(Connection connection, Step.Send send) {
        for (var piece : pieces(send)) connection.peer().sendsDatagram(Bytes.text(piece));
    }

    private void sendFromPeer(Connection connection, Step.Send send) {
        var from = send.from();
        var before = held.remove(from);
        var sent =
                before == null
                        ? send
                        : new Step.Send(
                                from,
                                Player.joined(before, send.bytes()),
                                List.of(),
                                send.errno(),
                                send.accepts());
        for (var piece : pieces(sent)) {
            for (var part : segmentation.pieces(from, piece, sentBefore.getOrDefault(from, 0L))) {
                connection.peer().sends(part);
                sentBefore.merge(from, (long) part.length, Long::sum);
            }
        }
    }

    private static void sendFromApplication(Connection connection, Step.Send send) throws Mismatch {
        var pieces = pieces(send);
        for (int i = 0; i < pieces.size(); i++) {
            var sending = connection.sends(ByteBuffer.wrap(pieces.get(i)));
            boolean isLast = i + 1 == pieces.size();
            check(send, sending, pieces.get(i).length, isLast);
        }
    }

    private static void check(Step.Send send, Sending sending, int length, boolean isLast)
            throws Mismatch {
        int errno = isLast ? send.errno().map(Errno::number).orElse(0) : 0;
        long otherwise = errno == 0 ? length : 0;
        long accepted = isLast ? send.accepts().orElse(otherwise) : length;
        boolean stopsEarly = errno == 0 && accepted < length;
        boolean errnoFits = stopsEarly || sending.errno() == errno;
        if (errnoFits && sending.accepted() == accepted) return;
        throw new Mismatch(
                send.from().socket(),
                "expected a send of %d bytes to end with %s after %d bytes, found %s"
                        .formatted(
                                length,
                                errno == 0 ? "success" : Errno.nameOf(errno),
                                accepted,
                                sending));
    }

    private static List<byte[]> pieces(Step.Send send) {
        List<byte[]> pieces = new ArrayList<>();
        int at = 0;
        for (int length : send.lengths()) {
            int end = Math.min(send.bytes().length, at + length);
            if (end > at) pieces.add(Arrays.copyOfRange(send.bytes(), at, end));
            at = end;
        }
        if (at < send.bytes().length || pieces.isEmpty()) {
            pieces.add(Arrays.copyOfRange(send.bytes(), at, send.bytes().length));
        }
        return pieces;
    }

    private static void expecting(Optional<Errno> errno, Runnable call) throws Mismatch {
        try {
            call.run();
        } catch (BpfException e) {
            if (errno.isPresent() && e.errno() == errno.get()) return;
            throw Mismatch.general(e.getMessage());
        }
        if (errno.isPresent()) {
            throw Mismatch.general("expected %s, and it succeeded".formatted(errno.get()));
        }
    }

    private void close(Endpoint by) {
        var connection = stage.socket(by.socket());
        if (by.peer()) endOfPeer(by);
        else connection.closes();
    }

    private void shutdown(Endpoint by) {
        var connection = stage.socket(by.socket());
        if (by.peer()) endOfPeer(by);
        else connection.shutsOutput();
    }

    private void endOfPeer(Endpoint peer) {
        ended.add(peer);
        stage.socket(peer.socket()).peer().closes();
    }

    private void reset(Endpoint by) {
        var connection = stage.socket(by.socket());
        if (!by.peer()) {
            connection.aborts();
            return;
        }
        ended.add(by);
        connection.peer().resets();
    }
}
