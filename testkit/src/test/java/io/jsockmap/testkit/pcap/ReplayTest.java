package io.jsockmap.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.testkit.pcap.Splitting.AsCaptured;
import io.jsockmap.testkit.pcap.Splitting.Bytewise;
import io.jsockmap.testkit.pcap.Splitting.Cut;
import io.jsockmap.testkit.pcap.Splitting.Seeded;
import io.jsockmap.testkit.pcap.Splitting.Whole;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What was captured, cut in another way. */
class ReplayTest {
    private static final Replay TALK =
            replay(
                    Protocol.TCP,
                    List.of(end(true, false, 5), end(false, false, 6)),
                    "> GET ",
                    "> /one\n",
                    "< first",
                    "> two\n",
                    "< sec",
                    "< ond");

    /** Pieces from the client have {@code >} in front. */
    private static Replay replay(Protocol protocol, List<StreamEnd> ends, String... pieces) {
        var all =
                List.of(pieces).stream()
                        .map(
                                piece ->
                                        new Piece(
                                                piece.startsWith(">"),
                                                Captures.bytes(piece.substring(2)),
                                                Instant.EPOCH,
                                                1))
                        .toList();
        return Replay.of(
                new Conversation(
                        protocol,
                        new InetSocketAddress("10.0.0.2", 40_000),
                        new InetSocketAddress("10.0.0.1", 80),
                        true,
                        all,
                        ends,
                        List.of(),
                        List.of()));
    }

    private static StreamEnd end(boolean client, boolean reset, int afterPieces) {
        return new StreamEnd(client, reset, afterPieces, Instant.EPOCH, 1);
    }

    private static List<String> sends(boolean client, Splitting splitting) {
        return TALK.sends(client, splitting).stream().map(Captures::text).toList();
    }

    private static List<String> steps(List<Replay.Step> steps) {
        return steps.stream().map(ReplayTest::step).toList();
    }

    private static String step(Replay.Step step) {
        var who = step.fromClient() ? "> " : "< ";
        return switch (step) {
            case Replay.Step.Send send -> who + Captures.text(send.bytes());
            case Replay.Step.End _ -> who + "END";
            case Replay.Step.Reset _ -> who + "RESET";
        };
    }

    @Test
    void theSendsOfOneSide() {
        assertThat(sends(true, new AsCaptured())).containsExactly("GET ", "/one\n", "two\n");
        assertThat(sends(true, new Whole())).containsExactly("GET /one\ntwo\n");
        assertThat(sends(true, new Cut(6))).containsExactly("GET /o", "ne\ntwo\n");
        assertThat(sends(false, new Cut(99))).containsExactly("firstsecond");
        assertThat(sends(false, new Bytewise()))
                .containsExactly("f", "i", "r", "s", "t", "s", "e", "c", "o", "n", "d");
        assertThat(TALK.length(true)).isEqualTo(13);
    }

    @Test
    void everyCutOnce() {
        var cuts = Splitting.everyCut(TALK.length(false));
        assertThat(cuts).hasSize(10);
        assertThat(cuts.stream().map(cut -> sends(false, cut)))
                .startsWith(List.of("f", "irstsecond"))
                .endsWith(List.of("firstsecon", "d"))
                .doesNotHaveDuplicates();
        assertThat(Splitting.everyCut(1)).isEmpty();
        assertThat(Splitting.everyCut(0)).isEmpty();
    }

    @Test
    void aSeedIsASplitting() {
        Set<List<String>> seen = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            var sends = sends(true, new Seeded(seed, 4));
            assertThat(String.join("", sends)).isEqualTo("GET /one\ntwo\n");
            assertThat(sends).allSatisfy(send -> assertThat(send.length()).isBetween(1, 4));
            assertThat(sends(true, new Seeded(seed, 4))).isEqualTo(sends);
            seen.add(sends);
        }
        assertThat(seen).hasSizeGreaterThan(20);
        assertThat(sends(true, new Seeded(1, 4))).containsExactly(PINNED);
    }

    /** So that a seed that somebody wrote down stays what it is. */
    private static final String[] PINNED = {"GET", " ", "/o", "ne", "\n", "t", "wo", "\n"};

    @Test
    void turnsStayInTheirOrderAndAreNotMixed() {
        assertThat(steps(TALK.steps(new Whole())))
                .containsExactly(
                        "> GET /one\n", "< first", "> two\n", "< sec", "> END", "< ond", "< END");
        assertThat(steps(TALK.steps(new AsCaptured())))
                .containsExactly(
                        "> GET ",
                        "> /one\n",
                        "< first",
                        "> two\n",
                        "< sec",
                        "> END",
                        "< ond",
                        "< END");
        assertThat(steps(TALK.steps(new Cut(10), new Whole())))
                .containsExactly(
                        "> GET /one\n",
                        "< first",
                        "> t",
                        "> wo\n",
                        "< sec",
                        "> END",
                        "< ond",
                        "< END");
        assertThat(steps(TALK.steps(new Whole(), new Cut(5))))
                .isEqualTo(steps(TALK.steps(new Whole())));
    }

    @Test
    void aResetComesWhereItCame() {
        var reset = replay(Protocol.TCP, List.of(end(false, true, 1)), "> one", "> two");
        assertThat(steps(reset.steps(new Whole()))).containsExactly("> one", "< RESET", "> two");
    }

    @Test
    void datagramsAreNeverCut() {
        var datagrams = replay(Protocol.UDP, List.of(), "> one", "> two", "< ", "< three");
        assertThat(steps(datagrams.steps(new Bytewise())))
                .containsExactly("> one", "> two", "< ", "< three");
        assertThat(datagrams.sends(true, new Whole())).hasSize(2);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThatThrownBy(() -> new Cut(0)).hasMessage("a cut has bytes before it: 0");
        assertThatThrownBy(() -> new Seeded(1, 0)).hasMessage("a send has at least one byte: 0");
    }

    @Test
    void aCaptureIsPlayedFromItsFile() throws Exception {
        var capture = Captures.read("tcpdump-ethernet.pcap");
        var steps = Replay.of(capture.conversations().getFirst()).steps(new Whole());
        assertThat(steps).hasSize(6);
        assertThat(step(steps.getFirst())).startsWith("> GET /first HTTP/1.1\r\n");
        assertThat(step(steps.getLast())).isEqualTo("< END");
    }
}
