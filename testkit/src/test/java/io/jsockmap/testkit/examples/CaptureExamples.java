package io.jsockmap.testkit.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.WireListener;
import io.jsockmap.testkit.Programs;
import io.jsockmap.testkit.pcap.Capture;
import io.jsockmap.testkit.pcap.CaptureLimits;
import io.jsockmap.testkit.pcap.CaptureWriter;
import io.jsockmap.testkit.pcap.Conversation;
import io.jsockmap.testkit.pcap.Ending;
import io.jsockmap.testkit.pcap.MalformedCaptureException;
import io.jsockmap.testkit.pcap.Piece;
import io.jsockmap.testkit.pcap.Protocol;
import io.jsockmap.testkit.pcap.Remark;
import io.jsockmap.testkit.pcap.Replay;
import io.jsockmap.testkit.pcap.Splitting;
import io.jsockmap.testkit.pcap.Spool;
import io.jsockmap.testkit.pcap.StreamEnd;
import io.jsockmap.testkit.pcap.TrafficRecorder;
import io.jsockmap.testkit.pcap.WrittenConnection;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;

/** How captures of packets are read, played again, and written. */
class CaptureExamples {
    private static final Path CAPTURES =
            Programs.own("tour").resolveSibling("../captures").normalize();

    @TempDir private Path folder;

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void theConversationsOfACapture() throws IOException {
        var file = CAPTURES.resolve("tcpdump-ethernet.pcap");
        // @start region="read"
        Capture capture = Capture.read(file);
        assertThat(capture.notes()).isEmpty(); // nothing is missing

        Conversation http = capture.conversations().getFirst();
        assertThat(http.protocol()).isEqualTo(Protocol.TCP);
        assertThat(http.ending()).isEqualTo(Ending.CLOSED);
        assertThat(http.sent(true)).asString().startsWith("GET /first HTTP/1.1\r\n");

        Piece request = http.pieces().getFirst();
        StreamEnd end = http.ends().getFirst();
        assertThat(request).hasToString("packet 4: 84 bytes from the client");
        assertThat(end.fromClient() && !end.reset()).isTrue();
        // @end
    }

    @Test
    void aFileThatIsTooLargeOrDamaged() throws IOException {
        var large = CAPTURES.resolve("tcpdump-ethernet.pcap");
        var damaged = folder.resolve("damaged.pcap");
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(large), 60));
        // @start region="refused"
        CaptureLimits upload = CaptureLimits.DEFAULT.withBytes(1 << 20).withConversations(2);

        assertThatThrownBy(() -> Capture.read(large, upload))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 2 conversations");
        assertThatThrownBy(() -> Capture.read(damaged, upload))
                .isInstanceOfSatisfying(
                        MalformedCaptureException.class,
                        malformed -> assertThat(malformed.offset()).isEqualTo(40))
                .hasMessageContaining("the file ends within packet 1");
        // @end
    }

    @Test
    void aConversationIsPlayedAgainInOtherPieces() throws IOException {
        var capture = Capture.read(CAPTURES.resolve("tcpdump-ethernet.pcap"));
        try (var network =
                new InMemoryNetwork(UserEngine.Settings.DEFAULT.with(new Interpreter()))) {
            var server = network.accepted();
            // @start region="replay"
            Replay replay = Replay.of(capture.conversations().getFirst());
            Splitting small = new Splitting.Seeded(7, 16);

            for (Replay.Step step : replay.steps(small, new Splitting.AsCaptured())) {
                switch (step) {
                    case Replay.Step.Send(boolean fromClient, byte[] bytes) when fromClient ->
                            server.peer().sends(bytes);
                    case Replay.Step.Send(_, byte[] bytes) -> server.sends(ByteBuffer.wrap(bytes));
                    case Replay.Step.End end when end.fromClient() -> server.peer().closes();
                    case Replay.Step.End _ -> server.shutsOutput();
                    case Replay.Step.Reset _ -> server.peer().resets();
                }
            }
            assertThat(server.reads()).startsWith("GET /first HTTP/1.1\r\n");
            // @end
            assertThat(server.peer().received()).startsWith("HTTP/1.1 200 OK\r\n");
        }
    }

    @Test
    void aConnectionIsWrittenForWireshark() throws IOException {
        var file = folder.resolve("made.pcapng");
        var client = new InetSocketAddress("10.0.0.2", 40_000);
        var server = new InetSocketAddress("10.0.0.1", 80);
        var start = Instant.parse("2026-01-02T12:00:00Z");
        // @start region="write"
        var ethernet = CaptureWriter.Settings.DEFAULT.withSegmentBytes(1460);
        try (CaptureWriter writer = new CaptureWriter(Files.newOutputStream(file), ethernet)) {
            WrittenConnection connection = writer.open(client, server, start);
            connection.sent(true, bytes("PING"), start.plusMillis(1));
            connection.remark(true, "passed by the policy", start.plusMillis(1));
            connection.sent(false, bytes("PONG"), start.plusMillis(2));
            connection.ended(true, start.plusMillis(3));
        }

        Conversation read = Capture.read(file).conversations().getFirst();
        assertThat(read.sent(false)).asString().isEqualTo("PONG");
        assertThat(read.remarks()).map(Remark::text).containsExactly("passed by the policy");
        // @end
    }

    @Test
    void trafficIsRecordedWithItsVerdicts() throws IOException {
        var file = folder.resolve("traffic.pcapng");
        var problems = new ArrayList<String>();
        // @start region="record"
        Spool spool = new Spool(Files.newOutputStream(file), Spool.ROOM);
        CaptureWriter writer = new CaptureWriter(spool, CaptureWriter.Settings.DEFAULT);
        TrafficRecorder recorder =
                new TrafficRecorder(writer, InstantSource.system(), problems::add);
        SockListener listener =
                new SockListener() {
                    @Override
                    public Optional<WireListener> wire() {
                        return Optional.of(recorder);
                    }

                    @Override
                    public void judged(Judgement judgement) {
                        recorder.judged(judgement);
                    }
                };
        // @end
        var settings = UserEngine.Settings.DEFAULT.with(new Interpreter()).with(listener);
        try (recorder;
                var network = new InMemoryNetwork(settings)) {
            var peer = echo(network).peer();
            peer.sends("hello");
            assertThat(peer.received()).isEqualTo("hello");
        }
        var recorded = Capture.read(file).conversations().getFirst();
        assertThat(recorded.sent(false)).asString().isEqualTo("hello");
        assertThat(recorded.remarks()).singleElement().asString().contains("echo: REDIRECT");
        assertThat(problems).isEmpty();
    }

    private static Connection echo(InMemoryNetwork network) {
        var object = network.engine().load(Programs.example("echo"));
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        var connection = network.accepted();
        var key = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
        sockets.update(
                key.putLong(connection.cookie()).array(), connection.socket(), UpdateFlag.ANY);
        return connection;
    }
}
