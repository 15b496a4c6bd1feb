package io.jsockmap.testkit.scenario;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.object.ObjectReader;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.setup.ObjectSetup;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.stage.SocketChoice;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steps as calls: whatever scenario files can say. */
class ScriptTest {
    private static final Path CAPTURE =
            Programs.own("scenes").resolveSibling("../captures/tcpdump-ethernet.pcap").normalize();

    private static final SocketChoice UDP =
            new SocketChoice(SocketKind.UDP, true, true, Optional.empty(), Optional.empty());

    private final Script script =
            new Script(
                    ObjectReader.read(Programs.own("scenes")),
                    new ObjectSetup(
                            Map.of(),
                            List.of(),
                            Map.of(),
                            Optional.empty(),
                            List.of(),
                            List.of("watch=sockets")),
                    Way.WHOLE);

    @AfterEach
    void end() {
        script.stage().close();
    }

    private Script with(SocketChoice choice) {
        return script.open("client", choice).insert("sockets[client.cookie]=client");
    }

    // --- What is done and expected ---------------------------------------------------------------

    @Test
    void piecesAreMessagesOfTheirOwn() {
        with(SocketChoice.ACCEPTED)
                .sendPieces("client.peer", Bytes.of("abcde"), 1, 2)
                .expect("client", "abcde")
                .expectValue(
                        "stats[0]",
                        "{messages=3, bytes=[4, 1], seen=true, kind=EVEN, first=\"d\"}");
    }

    @Test
    void aPieceHasAtLeastOneByte() {
        with(SocketChoice.ACCEPTED);

        assertThatThrownBy(() -> script.sendPieces("client.peer", Bytes.of("abc"), 1, 0))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("EINVAL: a piece has at least one byte, found [1, 0]");
    }

    @Test
    void aSendThatIsTooLongIsTakenInPart() {
        var bytes = new byte[1 << 20];

        with(SocketChoice.ACCEPTED).sendAccepts("client", bytes, 262_144);

        assertThatThrownBy(() -> script.sendAccepts("client", bytes, 1))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "expected a send of 1048576 bytes to end with success after 1");
    }

    @Test
    void aPartOfWhatIsReadCanBeExpected() {
        with(SocketChoice.ACCEPTED)
                .send("client.peer", "GET / HTTP/1.1")
                .expectStart("client", "GET ")
                .send("client.peer", "GET / HTTP/1.1")
                .expectContains("client", "HTTP");
        script.send("client.peer", "PUT /");

        assertThatThrownBy(() -> script.expectStart("client", "GET "))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("client reads \"PUT /\", expected it to start with \"GET \"");
    }

    @Test
    void aCaptureIsPlayedAgain() {
        with(SocketChoice.ACCEPTED)
                .replay(CAPTURE, "client.peer")
                .expectStart("client", "GET ")
                .expectEnd("client");

        assertThatThrownBy(() -> script.replay(CAPTURE, 99, "client.peer", "client"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("tcpdump-ethernet.pcap has")
                .hasMessageContaining("not a number 99");
    }

    @Test
    void bothSidesOfACaptureArePlayed() {
        with(SocketChoice.ACCEPTED).replay(CAPTURE, 1, "client.peer", "client");

        script.expectStart("client", "GET ").expectStart("client.peer", "HTTP/1.");
    }

    @Test
    void stepsAreWrittenAsInScenarioFiles() {
        with(SocketChoice.ACCEPTED)
                .steps(
                        """
                        - send: "!abc"
                          from: client.peer
                          pieces: [1]
                        - fault: ran for more
                        - verdict: PASS
                          of: client
                          program: watch
                        - expect: ab
                          at: client
                          match: start
                        """);
    }

    @Test
    void aStepThatFailsIsNamedWithItsLine() {
        var steps = "- send: abc\n  from: client.peer\n- expect: abd\n  at: client\n";

        assertThatThrownBy(() -> with(SocketChoice.ACCEPTED).steps(steps))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("steps:3: expect: abd")
                .hasMessageContaining("client reads \"abc\", expected \"abd\"");
        assertThatThrownBy(() -> script.steps("- sned: a"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("steps:1: no step is called so");
    }

    // --- Faults ----------------------------------------------------------------------------------

    @Test
    void aFaultFailsTheStepThatBringsItAbout() {
        with(SocketChoice.ACCEPTED);

        assertThatThrownBy(() -> script.send("client.peer", "!"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ran for more than")
                .hasMessageContaining("scenes.bpf.c:");
    }

    @Test
    void aFaultThatIsExpectedFailsNothing() {
        with(SocketChoice.ACCEPTED)
                .expectFault("ran for more than", () -> script.send("client.peer", "!"))
                .send("client.peer", "ok")
                .expect("client", "ok");
    }

    @Test
    void aFaultThatDoesNotComeFails() {
        with(SocketChoice.ACCEPTED);

        assertThatThrownBy(
                        () ->
                                script.expectFault(
                                        "ran for more than", () -> script.send("client.peer", "a")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected a fault with \"ran for more than\", found none");
    }

    @Test
    void anotherFaultThanTheExpectedOneFails() {
        with(SocketChoice.ACCEPTED);

        assertThatThrownBy(
                        () ->
                                script.expectFault(
                                        "out of bounds", () -> script.send("client.peer", "!")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected a fault with \"out of bounds\", found EFAULT");
    }

    @Test
    void aStepThatFailsLeavesNoFaultExpectedBehindIt() {
        with(SocketChoice.ACCEPTED);

        assertThatThrownBy(
                        () ->
                                script.expectFault(
                                        "ran for more than", () -> script.expect("client", "a")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("client reads \"\", expected \"a\"");
        assertThatThrownBy(() -> script.send("client.peer", "!"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("ran for more than");
    }

    // --- The end ---------------------------------------------------------------------------------

    @Test
    void whoReadsDatagramsReadsAllOfThem() {
        with(UDP).send("client.peer", "one").send("client.peer", "two").expect("client", "one");

        assertThatThrownBy(script::close)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(
                        "client still had a datagram that no step asked for: \"two\"");
    }

    @Test
    void whoHasEndedItsStreamSendsNoMore() {
        with(SocketChoice.ACCEPTED).shutdown("client.peer");

        assertThatThrownBy(() -> script.send("client.peer", "late"))
                .isInstanceOf(BpfException.class)
                .hasMessageContaining("EPIPE: client.peer sends no more");
    }
}
