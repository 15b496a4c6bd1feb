package io.jsockmap.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.interpreter.Interpreter;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.InMemoryNetwork;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Judgement;
import io.jsockmap.sockmap.socket.SockListener;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.WireListener;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sockets in memory whose bytes and verdicts are recorded. */
class TrafficRecorderTest {
    private static final Path EXAMPLES =
            Path.of(System.getProperty("jsockmap.root", "..")).resolve("examples");
    private static final Instant NOW = Instant.parse("2024-01-02T03:04:05Z");

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final List<String> words = new ArrayList<>();
    private final TrafficRecorder recorder = recorder(file, Long.MAX_VALUE);
    private final InMemoryNetwork network = network(recorder);

    private TrafficRecorder recorder(OutputStream out, long limit) {
        var settings = CaptureWriter.Settings.DEFAULT.withLimit(limit);
        return new TrafficRecorder(new CaptureWriter(out, settings), () -> NOW, words::add);
    }

    private static InMemoryNetwork network(TrafficRecorder recorder) {
        var listener =
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
        return new InMemoryNetwork(
                UserEngine.Settings.DEFAULT.with(new Interpreter()).with(listener));
    }

    @AfterEach
    void everyByteIsAccountedFor() {
        assertThat(network.violations()).isEmpty();
        network.close();
    }

    private List<Conversation> recorded() throws IOException {
        recorder.close();
        var capture = Captures.read(file.toByteArray());
        assertThat(capture.notes()).isEmpty();
        return capture.conversations();
    }

    private static String client(Conversation conversation) {
        return Captures.text(conversation.sent(true));
    }

    private static String server(Conversation conversation) {
        return Captures.text(conversation.sent(false));
    }

    private static byte[] key(Connection connection) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(connection.cookie())
                .array();
    }

    private void insertIntoEcho(Connection connection) {
        var object = network.engine().load(EXAMPLES.resolve("echo/echo.bpf.o"));
        var sockets = object.sockHash("sockets");
        sockets.attach(object.program("echo"), AttachType.SK_SKB_STREAM_VERDICT);
        sockets.update(key(connection), connection.socket(), UpdateFlag.ANY);
    }

    @Test
    void bothSidesOfAConnectionWithTheVerdictOnEachMessage() throws Exception {
        var connection = network.accepted();
        insertIntoEcho(connection);
        connection.peer().sends("one");
        assertThat(connection.peer().received()).isEqualTo("one");
        connection.peer().sends("three");
        assertThat(connection.peer().received()).isEqualTo("three");
        connection.peer().closes();
        connection.closes();
        assertThat(connection.peer().sawEnd()).isTrue();

        var recorded = recorded().getFirst();
        assertThat(recorded.client()).isEqualTo(connection.addresses().remote());
        assertThat(recorded.server()).isEqualTo(connection.addresses().local());
        assertThat(client(recorded)).isEqualTo("onethree");
        assertThat(server(recorded)).isEqualTo("onethree");
        assertThat(recorded.pieces().getFirst().time()).isEqualTo(NOW);
        assertThat(recorded.ending()).isEqualTo(Ending.CLOSED);
        var first = recorded.pieces().getFirst();
        assertThat(recorded.remarks()).hasSize(2);
        assertThat(recorded.remarks().getFirst().packet()).isEqualTo(first.packet());
        assertThat(recorded.remarks().getFirst().text())
                .matches(
                        "echo: REDIRECT of 3 bytes to egress of socket 1 \\(.*\\), "
                                + "echo\\.bpf\\.c:\\d+: .*");
    }

    @Test
    void whoAskedForTheConnectionIsTheClient() throws Exception {
        var connection = network.connected();
        connection.sends("question").succeeds();
        assertThat(connection.peer().received()).isEqualTo("question");
        connection.peer().sends("answer");
        assertThat(connection.reads()).isEqualTo("answer");
        var recorded = recorded().getFirst();
        assertThat(recorded.client()).isEqualTo(connection.addresses().local());
        assertThat(client(recorded)).isEqualTo("question");
        assertThat(server(recorded)).isEqualTo("answer");
        assertThat(recorded.ending()).isEqualTo(Ending.OPEN);
    }

    @Test
    void aSendThatIsRefusedIsARemarkWithoutBytes() throws Exception {
        var object = network.engine().load(EXAMPLES.resolve("port-policy/port-policy.bpf.o"));
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("port_policy"), AttachType.SK_MSG_VERDICT);
        var connection = network.connected();
        sockets.update(0, connection.socket(), UpdateFlag.ANY);
        connection.sends("secret");

        var recorded = recorded().getFirst();
        assertThat(recorded.pieces()).isEmpty();
        assertThat(recorded.remarks()).hasSize(1);
        assertThat(recorded.remarks().getFirst().text())
                .startsWith("port_policy: DROP of 6 bytes, port-policy.bpf.c:");
    }

    @Test
    void theVerdictOnASendThatPassesIsOnItsBytes() throws Exception {
        var object = network.engine().load(EXAMPLES.resolve("port-policy/port-policy.bpf.o"));
        var sockets = object.sockMap("sockets");
        sockets.attach(object.program("port_policy"), AttachType.SK_MSG_VERDICT);
        var connection = network.connected();
        sockets.update(0, connection.socket(), UpdateFlag.ANY);
        var allowed = object.map("allowed_ports");
        var port = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(8080).array();
        allowed.update(port, new byte[4], UpdateFlag.ANY);
        connection.sends("hello");
        assertThat(connection.peer().received()).isEqualTo("hello");

        var recorded = recorded().getFirst();
        assertThat(recorded.remarks().getFirst().text()).startsWith("port_policy: PASS of 5 bytes");
        assertThat(recorded.remarks().getFirst().packet())
                .isEqualTo(recorded.pieces().getFirst().packet());
    }

    @Test
    void resetsByEitherSide() throws Exception {
        var one = network.accepted();
        one.peer().sends("one");
        one.aborts();
        assertThat(one.peer().sawReset()).isTrue();
        var two = network.accepted();
        two.peer().sends("two");
        two.peer().resets();

        var both = recorded();
        assertThat(both.getFirst().ending()).isEqualTo(Ending.SERVER_RESET);
        assertThat(both.getLast().ending()).isEqualTo(Ending.CLIENT_RESET);
        assertThat(both.getLast().remarks())
                .extracting(Remark::text)
                .containsExactly("the connection broke: ECONNRESET");
    }

    @Test
    void datagramsAndUnixStreams() throws Exception {
        var datagrams = network.connected(SocketKind.UDP);
        datagrams.peer().sendsDatagram("one");
        datagrams.peer().sendsDatagram("");
        datagrams.sends("three");
        assertThat(datagrams.peer().receivesDatagram()).isEqualTo("three");
        var stream = network.connected(SocketKind.UNIX_STREAM);
        stream.peer().sends("hello");

        var both = recorded();
        assertThat(both.getFirst().protocol()).isEqualTo(Protocol.UDP);
        assertThat(both.getFirst().pieces())
                .extracting(piece -> Captures.text(piece.bytes()))
                .containsExactly("one", "", "three");
        assertThat(client(both.getLast()) + server(both.getLast())).isEqualTo("hello");
        assertThat(both.getLast().remarks()).hasSize(2);
    }

    @Test
    void atItsLimitRecordingStopsWithAWordAndTrafficGoesOn() throws Exception {
        var small = new ByteArrayOutputStream();
        var stopping = recorder(small, 700);
        try (var limited = network(stopping)) {
            var connection = limited.accepted();
            for (int k = 0; k < 20; k++) connection.peer().sends("0123456789");
            assertThat(connection.reads()).hasSize(200);
            assertThat(limited.violations()).isEmpty();
        }
        stopping.flush();
        assertThat(words).containsExactly("the capture has reached its limit");
        assertThat(small.size()).isBetween(500, 700);
        assertThat(client(Captures.read(small.toByteArray()).conversations().getFirst()))
                .startsWith("0123456789");
    }

    @Test
    void whileTheDiskIsBusyTrafficGoesOnAndTheCaptureNamesWhatItLacks() throws Exception {
        var disk = new SpoolTest.Busy();
        var spool = new Spool(disk, 2_000);
        var busy = recorder(spool, Long.MAX_VALUE);
        try (var other = network(busy)) {
            var connection = other.accepted();
            while (spool.leftOut() == 0) {
                connection.peer().sends("0123456789".repeat(10));
                busy.flush();
                assertThat(connection.reads()).hasSize(100);
            }
            disk.goOn();
            // As soon as there is room again, what comes is recorded.
            long before = -1;
            while (spool.leftOut() > before) {
                before = spool.leftOut();
                connection.peer().sends("!");
                busy.flush();
            }
            connection.peer().sends("at last");
        }
        busy.close();

        var recorded = Captures.read(disk.written()).conversations().getFirst();
        assertThat(client(recorded)).startsWith("0123456789").doesNotContain("!");
        assertThat(recorded.notes())
                .anySatisfy(note -> assertThat(note.toString()).contains("are missing"));
    }

    @Test
    void whatComesBehindTheEndOfAConnectionIsNoOtherOne() throws Exception {
        var connection = network.accepted();
        connection.peer().sends("one");
        network.engine().closed(connection.socket());

        recorder.received(connection.socket(), Chunk.of(Captures.bytes("late")));
        recorder.inputEnded(connection.socket());

        var recorded = recorded();
        assertThat(recorded).hasSize(1);
        assertThat(client(recorded.getFirst())).isEqualTo("one");
    }

    @Test
    void whatComesBehindTheEndOfTheRecordingIsNotRecorded() throws Exception {
        var connection = network.accepted();
        connection.peer().sends("one");
        recorder.close();
        long length = file.size();

        connection.peer().sends("two");
        network.accepted();
        recorder.flush();
        recorder.close();

        assertThat(file.size()).isEqualTo(length);
        assertThat(words).isEmpty();
    }

    @Test
    void aFileThatCannotBeWrittenStopsTheRecordingOnly() {
        var full =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        var broken = recorder(full, Long.MAX_VALUE);
        try (var other = network(broken)) {
            var connection = other.accepted();
            connection.peer().sends("one");
            broken.flush();
            connection.peer().sends("two");
            assertThat(connection.reads()).isEqualTo("onetwo");
        }
        assertThat(words).containsExactly("can't be written: No space left on device");
    }
}
