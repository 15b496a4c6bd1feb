package io.jsockmap.dashboard.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.jsockmap.bpf.Errno;
import io.jsockmap.dashboard.Stage;
import io.jsockmap.dashboard.state.ProgramRow;
import io.jsockmap.dashboard.state.Second;
import io.jsockmap.sockmap.socket.Chunk;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What is known of a proxy's verdicts, watched and unwatched. */
class CollectorTest {
    private final Stage stage = new Stage();
    private final Collector collector = stage.collector();

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void verdictsAreCountedByProgramDirectionAndVerdict() {
        var client = stage.connect();

        stage.ask(client, "GET", "/");
        stage.ask(client, "GET", "/again");
        stage.ask(client, "GET", "/admin");
        stage.ask(client, "DELETE", "/orders/7");

        assertThat(collector.programs())
                .extracting(
                        ProgramRow::program,
                        ProgramRow::direction,
                        ProgramRow::verdict,
                        ProgramRow::messages)
                .containsExactly(
                        tuple("judge", "received", "pass", 2L),
                        tuple("judge", "received", "drop", 1L),
                        tuple("judge", "received", "redirect", 1L));
        long received = stage.connections().getFirst().accounts().get("client").receive().in();
        assertThat(collector.programs().stream().mapToLong(ProgramRow::bytes).sum())
                .isEqualTo(received);
    }

    @Test
    void whileNobodyLooksNeitherMessagesNorEdgesAreKept() {
        stage.ask(stage.connect(), "GET", "/admin");

        assertThat(collector.messages()).isEmpty();
        assertThat(collector.edges()).isEmpty();
        assertThat(collector.programs()).isNotEmpty();
    }

    @Test
    void whileSomebodyLooksAMessageIsKeptWithItsStartAndItsTarget() {
        var client = stage.connect();
        collector.lookedAt();

        stage.ask(client, "GET", "/admin");

        var message = collector.messages().getFirst();
        assertThat(message.time()).isEqualTo(Stage.NOON.toEpochMilli());
        assertThat(message.socket()).isEqualTo(client.cookie());
        assertThat(message.verdict()).isEqualTo("redirect");
        assertThat(message.target()).contains(stage.socket("upstream2").cookie());
        assertThat(message.ingress()).isFalse();
        assertThat(message.line().orElseThrow().text()).startsWith("return OUTCOME(guard(skb))");
        assertThat(new String(message.start().orElseThrow(), StandardCharsets.US_ASCII))
                .startsWith("GET /admin HTTP/1.1");
    }

    @Test
    void ofALongMessageOnlyTheFirst64BytesAreKept() {
        var client = stage.connect();
        collector.lookedAt();

        stage.ask(client, "GET", "/" + "x".repeat(200));

        assertThat(collector.messages().getFirst().start().orElseThrow()).hasSize(64);
        assertThat(collector.messages().getFirst().length()).isGreaterThan(200);
    }

    @Test
    void fiveSecondsAfterTheLastLookNothingIsKeptAnyMore() {
        var client = stage.connect();
        collector.lookedAt();
        stage.ask(client, "GET", "/admin");
        assertThat(collector.edges()).hasSize(1);

        for (int second = 0; second < 6; second++) stage.tick();
        stage.ask(client, "GET", "/admin");

        assertThat(collector.edges()).isEmpty();
        assertThat(collector.messages()).hasSize(1);
    }

    @Test
    void anEdgeHasTheRateOfTheLastSecond() {
        var client = stage.connect();
        collector.lookedAt();
        for (int i = 0; i < 4; i++) stage.ask(client, "GET", "/admin");
        stage.pass(1);
        stage.tick();

        var edge = collector.edges().getFirst();
        assertThat(edge.source()).isEqualTo(client.cookie());
        assertThat(edge.target()).isEqualTo(stage.socket("upstream2").cookie());
        assertThat(edge.messages()).isEqualTo(4);
        // Four in the two seconds between the looks of the collector.
        assertThat(edge.messagesPerSecond()).isEqualTo(2);
        assertThat(edge.bytesPerSecond()).isEqualTo(edge.bytes() / 2.0);
    }

    @Test
    void aSecondOfHistoryIsWhatWasJudgedInIt() {
        var client = stage.connect();
        stage.ask(client, "GET", "/");
        stage.tick();
        stage.ask(client, "GET", "/");
        stage.ask(client, "DELETE", "/");
        stage.tick();
        stage.tick();

        assertThat(collector.history())
                .containsExactly(new Second(1, 0, 0), new Second(1, 1, 0), new Second(0, 0, 0));
        assertThat(collector.rates().messages()).isZero();
    }

    @Test
    void aTargetWithoutRoomPausesItsSourceUntilItHasSome() {
        var client = stage.connect();
        while (collector.counts().paused() == 0) {
            stage.ask(client, "GET", "/admin/" + "x".repeat(1000));
        }
        assertThat(collector.counts().pauses()).isOne();

        stage.drain(stage.socket("upstream2"));

        assertThat(collector.counts().paused()).isZero();
        assertThat(collector.counts().pauses()).isOne();
    }

    @Test
    void aMessageWaitsForRoomUntilItIsGivenUpWhateverBecameOfItsConnection() {
        var client = stage.connect();
        while (collector.counts().paused() == 0) {
            stage.ask(client, "GET", "/admin/" + "x".repeat(1000));
        }

        client.failed(Errno.ECONNRESET);
        stage.tick();
        assertThat(collector.counts().paused()).as("it still waits").isOne();

        client.abort();
        assertThat(collector.counts().paused()).isZero();
    }

    @Test
    void anUnconnectedSocketWaitsAsLongAsAnyOther() {
        var socket = stage.unconnected();
        collector.paused(socket, Optional.empty());

        stage.tick();
        assertThat(collector.counts().paused()).isOne();

        collector.resumed(socket);
        assertThat(collector.counts().paused()).isZero();
    }

    @Test
    void aLossIsCountedAndKept() {
        var client = stage.connect();
        stage.socket("upstream2").close();
        client.received(Chunk.of("GET / HT".getBytes(StandardCharsets.US_ASCII)));
        client.receivedEnd();

        assertThat(collector.counts().losses()).isOne();
        assertThat(collector.counts().lostBytes()).isEqualTo(8);
        var incident = collector.incidents().getFirst();
        assertThat(incident.kind()).isEqualTo("loss");
        assertThat(incident.socket()).isEqualTo(client.toString());
        assertThat(incident.text())
                .isEqualTo("8 bytes lost: incomplete message at the end of stream");
    }
}
