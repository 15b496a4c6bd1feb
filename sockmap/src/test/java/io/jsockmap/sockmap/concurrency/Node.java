package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Sending;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;
import io.jsockmap.sockmap.socket.TcpState;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A connection of a {@link Simulation}, with what was sent and read at either end. */
final class Node {
    private static final String VERDICTS = "PDRI";

    /**
     * How frames of a stream are judged: G and S pass, but changed. Small letters are judged once
     * they are complete, as those must be that go where other bytes might come between.
     */
    private static final String STREAM_VERDICTS = "PPDGSpdgsri";

    private final int number;
    private final Connection connection;
    private final Random random;
    private final FrameReader application = new FrameReader();
    private final FrameReader peer = new FrameReader();
    private final List<Sending> passed = new ArrayList<>();
    private int frames;
    private int passedByPeer;

    /** What the application still has to send of its stream, if that is judged by frames. */
    private String unsent = "";

    private boolean unsentRedirects;
    private final boolean framesSends;
    private Sending sending;
    private int sent;
    private int streamed;

    /** Whether its stream of frames ends somewhere, and not behind the last of them. */
    private boolean cut;

    private boolean closed;
    private boolean shut;
    private boolean broken;
    private boolean peerClosed;

    /**
     * @param framesSends whether what it sends is a stream of frames, cut anyhow, or else a message
     *     each
     */
    Node(int number, Connection connection, Random random, boolean framesSends) {
        this.number = number;
        this.framesSends = framesSends;
        this.connection = connection;
        this.random = random;
    }

    int number() {
        return number;
    }

    boolean framesSends() {
        return framesSends;
    }

    Connection connection() {
        return connection;
    }

    /** A frame that names its verdict, origin, direction and number. */
    private String frame(char first, char verdict, char direction) {
        var filling = "-".repeat(1 + random.nextInt(20));
        var text = "%c%d%c%05d%s".formatted(verdict, number, direction, frames++, filling);
        return "%c%c%s".formatted(first, (char) (text.length() + 2), text);
    }

    private char verdict() {
        return VERDICTS.charAt(random.nextInt(VERDICTS.length()));
    }

    void peerSends() {
        if (peerClosed || broken) return;
        var stream = new StringBuilder();
        for (int i = 0; i <= random.nextInt(3); i++) {
            char verdict = verdict();
            if (verdict == 'P') passedByPeer++;
            stream.append(frame('\0', verdict, 'p'));
        }
        connection.peer().sendsInPieces(stream.toString(), 1 + random.nextInt(40));
    }

    void applicationSends() {
        if (framesSends) {
            sendsStream(3 + random.nextInt(60));
            return;
        }
        char verdict = verdict();
        // A message is judged by its first byte, which frames of a peer have for their length.
        var message = frame(verdict, verdict, 'a');
        var sending =
                random.nextBoolean()
                        ? connection.sends(message)
                        : connection.sendsAndWaits(message);
        if (verdict == 'P') passed.add(sending);
    }

    private void sendsStream(int most) {
        if (!learnsOfItsSend()) return;
        if (unsent.isEmpty() && !closed && !shut) {
            unsentRedirects = false;
            for (int i = 0; i <= random.nextInt(3); i++) unsent += streamFrame();
        }
        if (unsent.isEmpty()) return;
        sent = Math.min(most, unsent.length());
        var text = unsent.substring(0, sent);
        sending = random.nextBoolean() ? connection.sends(text) : connection.sendsAndWaits(text);
        learnsOfItsSend();
    }

    private String streamFrame() {
        char first = STREAM_VERDICTS.charAt(random.nextInt(STREAM_VERDICTS.length()));
        char verdict = Character.toUpperCase(first);
        if (verdict == 'G' || verdict == 'S') verdict = 'P';
        if (verdict == 'P') streamed++;
        unsentRedirects |= verdict == 'R' || verdict == 'I';
        return frame(first, verdict, 'a');
    }

    /** Takes note of what became of the last send; false if it still waits. */
    private boolean learnsOfItsSend() {
        if (sending == null) return true;
        if (!sending.isDone()) return false;
        // What was dropped is not sent again: a verdict for it may still be going on.
        boolean gone = sending.errno() == Errno.EACCES.number() || sending.errno() == 0;
        if (!unsent.isEmpty()) unsent = unsent.substring(gone ? sent : (int) sending.accepted());
        // EPIPE may be about a frame whose target is gone: it is sent again, and judged again.
        boolean mayTryAgain =
                sending.errno() == Errno.EAGAIN.number() || sending.errno() == Errno.EPIPE.number();
        sending = null;
        if (!gone && !mayTryAgain) endsStream();
        return true;
    }

    private void endsStream() {
        shut = true;
        cut |= !unsent.isEmpty();
        unsent = "";
    }

    /** Whether a program that is put in again would begin where a frame does. */
    boolean mayBeJudgedAnew() {
        return connection.socket().state() == TcpState.ESTABLISHED
                && !shut
                && unsent.isEmpty()
                && learnsOfItsSend();
    }

    /** Sends what is left of its stream; whether anything moved. */
    boolean finishesSending() {
        if (!framesSends || closed || !learnsOfItsSend() || unsent.isEmpty()) return false;
        int before = unsent.length();
        sendsStream(Integer.MAX_VALUE);
        return unsent.length() < before;
    }

    void peeks() {
        if (!(connection.socket().peek(40) instanceof Ingress.Bytes(var seen))) return;
        var buffer = ByteBuffer.allocate(seen.length());
        var read = (Ingress.Bytes) connection.fills(buffer);
        assertThat(Bytes.text(read.chunk().copy()))
                .as("what was seen is what is read")
                .isEqualTo(Bytes.text(seen.copy()).substring(0, read.chunk().length()));
        application.take(Bytes.text(read.chunk().copy()));
    }

    int applicationReads(int most) {
        int all = 0;
        while (all < most && connection.read(most - all) instanceof Ingress.Bytes(var chunk)) {
            all += chunk.length();
            int end = chunk.offset() + chunk.length();
            application.take(Bytes.text(Arrays.copyOfRange(chunk.array(), chunk.offset(), end)));
        }
        return all;
    }

    int peerReads(int most) {
        var text = connection.peer().receives(most);
        peer.take(text);
        if (connection.peer().sawEnd() && !cut && !broken) peer.ends();
        return text.length();
    }

    /** No more than the limits allow, and what one message each may bring beyond them. */
    void holds(Limits limits, long policy) {
        var account = connection.account();
        long beyond = 10L * 300;
        long receive = Math.max(limits.receiveBytes(), policy) + beyond;
        long send = Math.max(limits.sendBytes(), policy) + beyond;
        assertThat(account.balances()).as("%s", account).isTrue();
        assertThat(account.receive().held()).as("%s", account).isLessThan(receive);
        assertThat(account.ingress().waiting()).as("%s", account).isLessThan(receive);
        assertThat(account.send().held()).as("%s", account).isLessThan(send);
        assertThat(account.egress().waiting()).as("%s", account).isLessThan(send);
    }

    private void balances() {
        assertThat(connection.account().balances()).as("%s", connection.account()).isTrue();
    }

    /** Something that may happen to a connection; seldom something bad. */
    void suffers(int what) {
        // Half a frame that is redirected would end in the middle of somebody else's stream.
        boolean wouldCut = !unsent.isEmpty() && unsentRedirects;
        switch (wouldCut ? 9 : what) {
            case 0 -> {
                broken = true;
                endsStream();
                connection.peer().resets();
            }
            case 1 -> {
                closed = true;
                endsStream();
                connection.closes();
            }
            case 2 -> {
                closed = true;
                broken = true;
                endsStream();
                connection.aborts();
            }
            case 3, 4, 5 -> {
                endsStream();
                connection.shutsOutput();
            }
            case 6, 7, 8 -> peerCloses();
            case 9 -> connection.socket().shutdownInput();
            default -> balances();
        }
    }

    void peerCloses() {
        peerClosed = true;
        if (!broken) connection.peer().closes();
    }

    /** Gives up what can't be sent, as the target of its first frame has ended its stream. */
    void givesUp() {
        if (!unsent.isEmpty()) endsStream();
    }

    /** Once everybody has read all: nothing waits anywhere, and nothing is missing. */
    void endsProperly() {
        var account = connection.account();
        assertThat(account.receive().held()).as("receive, %s", account).isZero();
        assertThat(account.send().held()).as("send, %s", account).isZero();
        assertThat(account.ingress().waiting()).as("ingress, %s", account).isZero();
        assertThat(account.egress().waiting()).as("egress, %s", account).isZero();
        assertThat(account.corked()).as("corked, %s", account).isZero();
        assertThat(passed).as("sends that nobody ended").allMatch(Sending::isDone);
        if (!broken && !cut) {
            long accepted = passed.stream().filter(done -> done.errno() == 0).count();
            long expected = framesSends ? streamed : accepted;
            assertThat(peer.count('P', number, 'a')).as("to the peer").isEqualTo(expected);
        }
        if (closed) return;
        if (!broken) {
            assertThat(application.count('P', number, 'p'))
                    .as("to the application, %s", account)
                    .isEqualTo(passedByPeer);
        }
        // A broken connection reports its error once; so does a target that took promised bytes.
        if (connection.socket().peek(1) instanceof Ingress.Failed) connection.read(1);
        assertThat(connection.read(1)).as("%s", account).isEqualTo(new Ingress.End());
    }
}
