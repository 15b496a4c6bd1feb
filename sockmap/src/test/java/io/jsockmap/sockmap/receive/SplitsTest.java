package io.jsockmap.sockmap.receive;

import static io.jsockmap.sockmap.receive.FramesTest.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** However a framed stream is cut, its outcome is the same. */
@DisplayName("K4, K10: cuts of a framed stream")
class SplitsTest {
    private static final String SHORT = frame("P1") + frame("Rtwo") + frame("D") + frame("I4");

    /** What came of a stream. */
    private record Outcome(String read, String egress, String ingress, long dropped, Ingress end) {}

    /** Sends a stream in pieces, each of which the parser sees as it came. */
    private static Outcome outcome(List<String> pieces) {
        return outcome(Delivery.WHOLE, pieces);
    }

    private static Outcome outcome(Delivery delivery, List<String> pieces) {
        try (var network = new Network(Limits.DEFAULT, delivery)) {
            var object = network.load("frames");
            var targets = object.sockMap("targets");
            var source = network.accepted();
            var target = network.connected();
            targets.update(0, target.socket(), UpdateFlag.ANY);
            targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
            targets.attach(object.program("judge"), AttachType.SK_SKB_STREAM_VERDICT);
            targets.update(1, source.socket(), UpdateFlag.ANY);
            var read = new StringBuilder();
            var egress = new StringBuilder();
            var ingress = new StringBuilder();
            for (var piece : pieces) {
                source.peer().sends(piece);
                read.append(source.reads());
                egress.append(target.peer().received());
                ingress.append(target.reads());
            }
            source.peer().closes();
            read.append(source.reads());
            return new Outcome(
                    read.toString(),
                    egress.toString(),
                    ingress.toString(),
                    source.account().receive().dropped(),
                    source.outcome());
        }
    }

    private static final Outcome SHORT_OUTCOME =
            new Outcome(frame("P1"), frame("Rtwo"), frame("I4"), 3, new Ingress.End());

    @Test
    void inOnePiece() {
        assertThat(outcome(List.of(SHORT))).isEqualTo(SHORT_OUTCOME);
    }

    @Test
    void atEveryPlace() {
        for (int cut = 1; cut < SHORT.length(); cut++) {
            assertThat(outcome(List.of(SHORT.substring(0, cut), SHORT.substring(cut))))
                    .as("cut at %d", cut)
                    .isEqualTo(SHORT_OUTCOME);
        }
    }

    @Test
    void atEveryPairOfPlaces() {
        for (int first = 1; first < SHORT.length() - 1; first++) {
            for (int second = first + 1; second < SHORT.length(); second++) {
                var pieces =
                        List.of(
                                SHORT.substring(0, first),
                                SHORT.substring(first, second),
                                SHORT.substring(second));
                assertThat(outcome(pieces))
                        .as("cuts at %d and %d", first, second)
                        .isEqualTo(SHORT_OUTCOME);
            }
        }
    }

    @Test
    void byteByByte() {
        assertThat(outcome(SHORT.chars().mapToObj(c -> "" + (char) c).toList()))
                .isEqualTo(SHORT_OUTCOME);
        assertThat(outcome(Delivery.HOSTILE, List.of(SHORT))).isEqualTo(SHORT_OUTCOME);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void atRandomPlaces(long seed) {
        var random = new Random(seed);
        var stream = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            var verdict = "PDRI".charAt(random.nextInt(4));
            stream.append(frame(verdict + Bytes.pattern(random.nextInt(3000))));
        }
        // An incomplete frame at the end is dropped however it is cut.
        stream.append(frame("Pass").substring(0, 5));
        var whole = stream.toString();
        var expected = outcome(List.of(whole));
        assertThat(expected.read()).isNotEmpty();

        for (int round = 0; round < 10; round++) {
            assertThat(outcome(cut(whole, 1 + random.nextInt(4000), random)))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(expected);
        }
    }

    private static List<String> cut(String text, int most, Random random) {
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + 1 + random.nextInt(most));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }
}
