package io.jsockmap.sockmap.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Sending;
import io.jsockmap.sockmap.socket.Ingress;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A connection of a {@link Simulation}, with what was sent and read at either end. */
final class Node {
    private static final String VERDICTS = "PDRI";

    private final int number;
    private final Connection connection;
    private final Random random;
    private final FrameReader application = new FrameReader();
    private final FrameReader peer = new FrameReader();
    private final List<Sending> passed = new ArrayList<>();
    private int frames;
    private int passedByPeer;
    private boolean closed;
    private boolean broken;
    private boolean peerClosed;

    Node(int number, Connection connection, Random random) {
        this.number = number;
        this.connection = connection;
        this.random = random;
    }

    Connection connection() {
        return connection;
    }

    /** A frame that names its verdict, origin, direction and number. */
    private String frame(char first, char verdict, char direction) {
        var filling = "-".repeat(random.nextInt(20));
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
        char verdict = verdict();
        // A message is judged by its first byte, which frames of a peer have for their length.
        var message = frame(verdict, verdict, 'a');
        var sending =
                random.nextBoolean()
                        ? connection.sends(message)
                        : connection.sendsAndWaits(message);
        if (verdict == 'P') passed.add(sending);
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
        if (connection.peer().sawEnd()) peer.ends();
        return text.length();
    }

    void balances() {
        assertThat(connection.account().balances()).as("%s", connection.account()).isTrue();
    }

    /** Something that may happen to a connection; seldom something bad. */
    void suffers(int what) {
        switch (what) {
            case 0 -> {
                broken = true;
                connection.peer().resets();
            }
            case 1 -> {
                closed = true;
                connection.closes();
            }
            case 2 -> {
                closed = true;
                broken = true;
                connection.aborts();
            }
            case 3, 4, 5 -> connection.shutsOutput();
            case 6, 7, 8 -> peerCloses();
            case 9 -> connection.socket().shutdownInput();
            default -> balances();
        }
    }

    void peerCloses() {
        peerClosed = true;
        if (!broken) connection.peer().closes();
    }

    /** Once everybody has read all: nothing waits anywhere, and nothing is missing. */
    void endsProperly() {
        var account = connection.account();
        assertThat(account.receive().held()).as("receive, %s", account).isZero();
        assertThat(account.send().held()).as("send, %s", account).isZero();
        assertThat(account.ingress().waiting()).as("ingress, %s", account).isZero();
        assertThat(account.egress().waiting()).as("egress, %s", account).isZero();
        assertThat(passed).as("sends that nobody ended").allMatch(Sending::isDone);
        if (!broken) {
            long accepted = passed.stream().filter(sending -> sending.errno() == 0).count();
            assertThat(peer.count('P', number, 'a')).as("to the peer").isEqualTo(accepted);
        }
        if (closed) return;
        if (!broken) {
            assertThat(application.count('P', number, 'p'))
                    .as("to the application, %s", account)
                    .isEqualTo(passedByPeer);
        }
        // A broken connection reports its error once.
        if (broken) connection.read(1);
        assertThat(connection.read(1)).as("%s", account).isEqualTo(new Ingress.End());
    }
}
