package io.jsockmap.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** The control socket, and what clients may do to it. */
class ControlServerTest {
    private static final String ABOUT = "{\"command\":\"about\"}\n";

    @TempDir private Path folder;

    private final Running running = new Running();
    private Path path;
    private ControlServer server;

    @BeforeEach
    void open() throws IOException {
        path = folder.resolve("own").resolve("run.sock");
        server = ControlServer.open(path);
        server.serve(running.inventory());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        running.close();
    }

    /** A client that sends what it likes. */
    private record Raw(SocketChannel channel, BufferedReader in) implements AutoCloseable {
        static Raw connect(Path path) throws IOException {
            var channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
            var in = Channels.newReader(channel, StandardCharsets.UTF_8);
            return new Raw(channel, new BufferedReader(in));
        }

        void send(String text) throws IOException {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) channel.write(bytes);
        }

        String line() throws IOException {
            return String.valueOf(in.readLine());
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private void assertStillAnswers() throws IOException {
        try (var client = ControlClient.connect(path)) {
            var about = client.ask(Running.request(ABOUT)).getAsJsonObject();
            assertThat(about.get("object").getAsString()).isEqualTo("inventory.bpf.o");
            assertThat(about.get("pid").getAsLong()).isEqualTo(ProcessHandle.current().pid());
        }
    }

    @Test
    void theFileAndItsFolderAreTheOwnersAlone() throws IOException {
        assertThat(Files.getPosixFilePermissions(path))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(path.getParent()))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void itIsGoneWhenTheServerIs() throws IOException {
        server.close();
        server.close();
        assertThat(path).doesNotExist();
        assertThatThrownBy(() -> ControlClient.connect(path))
                .hasMessageContaining("ENOENT: there is no control socket " + path)
                .hasMessageContaining("--control");
    }

    @Test
    void oneClientAsksAsOftenAsItLikes() throws IOException {
        try (var client = ControlClient.connect(path)) {
            for (int i = 0; i < 3; i++) {
                assertThat(client.ask(Running.request("{'command':'map list'}")).getAsJsonArray())
                        .hasSize(12);
                assertThatThrownBy(() -> client.ask(Running.request("{'command':'frob'}")))
                        .isInstanceOfSatisfying(
                                BpfException.class,
                                e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL))
                        .hasMessageContaining("there is no command frob");
            }
        }
    }

    @Test
    void aMapOfAnySizeIsDumpedInOneAnswer() throws IOException {
        var known = running.object().map("known");
        for (int port = 0; port < 8; port++) {
            known.update(
                    new byte[] {0, 0, 0, 0, (byte) port, 0, 0, 0}, new byte[32], UpdateFlag.ANY);
        }
        try (var client = ControlClient.connect(path)) {
            var request = Running.request("{'command':'map dump','map':['known']}");
            assertThat(client.ask(request).getAsJsonArray()).hasSize(8);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "",
                "{",
                "[]",
                "null",
                "{'command':'about'}",
                "{\"command\":\"about\"} and more",
                "\u0000\u0001\u00ff\u00fe"
            })
    void garbageGetsOneErrorAndTheClientGoesOn(String garbage) throws IOException {
        try (var client = Raw.connect(path)) {
            client.send(garbage + "\n");
            assertThat(client.line()).startsWith("{\"error\":{\"errno\":\"EINVAL\",\"message\":\"");
            client.send(ABOUT);
            assertThat(client.line()).startsWith("{\"result\":{\"pid\":");
        }
    }

    @Test
    void deeplyNestedGarbageIsGarbage() throws IOException {
        try (var client = Raw.connect(path)) {
            client.send("[".repeat(ControlServer.MAX_REQUEST - 1) + "\n");
            assertThat(client.line()).startsWith("{\"error\":{\"errno\":\"EINVAL\"");
            client.send(ABOUT);
            assertThat(client.line()).startsWith("{\"result\":");
        }
    }

    @Test
    void aRequestOfTheGreatestLengthIsRead() throws IOException {
        try (var client = Raw.connect(path)) {
            var padding = " ".repeat(ControlServer.MAX_REQUEST - ABOUT.length() + 1);
            client.send(padding + ABOUT);
            assertThat(client.line()).startsWith("{\"result\":");
        }
    }

    @Test
    void aLongerRequestGetsOneErrorAndTheConnectionEnds() throws IOException {
        try (var client = Raw.connect(path)) {
            client.send("x".repeat(ControlServer.MAX_REQUEST + 1));
            assertThat(client.line())
                    .isEqualTo(
                            "{\"error\":{\"errno\":\"E2BIG\",\"message\":\"a request has 65536"
                                    + " bytes at the most\"}}");
            assertThat(client.line()).isEqualTo("null");
        }
        assertStillAnswers();
    }

    @Test
    void clientsThatGoAwayHarmNobody() throws IOException {
        for (int i = 0; i < 3 * ControlServer.MAX_CLIENTS; i++) {
            var client = Raw.connect(path);
            client.send(i % 2 == 0 ? "{\"command\":" : ABOUT);
            client.close();
        }
        // Those that went away leave room, but not before their threads have seen it.
        boolean answered = false;
        while (!answered) {
            try (var client = Raw.connect(path)) {
                client.send(ABOUT);
                answered = client.line().startsWith("{\"result\":");
            } catch (IOException _) {
                // Turned away before it had asked.
            }
        }
    }

    @Test
    void aClientThatIsSilentKeepsNobodyWaiting() throws IOException {
        try (var _ = Raw.connect(path);
                var half = Raw.connect(path)) {
            half.send("{\"comm");
            assertStillAnswers();
            half.send("and\":\"about\"}\n");
            assertThat(half.line()).startsWith("{\"result\":");
        }
    }

    @Test
    void tooManyClientsAreTurnedAway() throws IOException {
        List<Raw> clients = new ArrayList<>();
        try {
            for (int i = 0; i < ControlServer.MAX_CLIENTS; i++) {
                var client = Raw.connect(path);
                clients.add(client);
                client.send(ABOUT);
                assertThat(client.line()).startsWith("{\"result\":");
            }
            try (var client = ControlClient.connect(path)) {
                assertThatThrownBy(() -> client.ask(Running.request(ABOUT)))
                        .hasMessage("EAGAIN: 16 clients are connected already");
            }
        } finally {
            for (var client : clients) client.close();
        }
    }

    @Test
    void aSocketThatAProcessLeftBehindIsReplaced() throws IOException {
        var left = folder.resolve("left.sock");
        leave(left);
        try (var second = ControlServer.open(left)) {
            second.serve(running.inventory());
            try (var client = ControlClient.connect(left)) {
                assertThat(client.ask(Running.request(ABOUT)).isJsonObject()).isTrue();
            }
        }
    }

    @Test
    void ofManyThatStartOverWhatWasLeftBehindOneHasThePath() throws Exception {
        var left = folder.resolve("left.sock");
        for (int round = 0; round < 50; round++) {
            leave(left);
            var together = new CyclicBarrier(4);
            try (var threads = Executors.newFixedThreadPool(4)) {
                var starts =
                        IntStream.range(0, 4)
                                .mapToObj(_ -> threads.submit(() -> start(left, together)))
                                .toList();
                List<ControlServer> started = new ArrayList<>();
                for (var start : starts) start.get().ifPresent(started::add);
                assertThat(started).hasSize(1);
                try (var only = started.getFirst();
                        var client = ControlClient.connect(left)) {
                    only.serve(running.inventory());
                    assertThat(client.ask(Running.request(ABOUT)).isJsonObject()).isTrue();
                }
            }
        }
        try (var files = Files.list(folder)) {
            assertThat(files).as("nothing else is left").containsExactly(path.getParent());
        }
    }

    private static Optional<ControlServer> start(Path path, CyclicBarrier together)
            throws Exception {
        together.await();
        try {
            return Optional.of(ControlServer.open(path));
        } catch (BpfException e) {
            assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE);
            return Optional.empty();
        }
    }

    @Test
    void aRunThatIsSilentIsNotWaitedForForEver() throws IOException {
        var silent = folder.resolve("silent.sock");
        var soon = Duration.ofMillis(20);
        try (var stopped = new SilentRun(silent)) {
            try (var client = ControlClient.connect(silent, soon)) {
                assertThatThrownBy(() -> client.ask(Running.request(ABOUT)))
                        .hasMessage(
                                "ETIMEDOUT: control socket %s: no answer within 20 milliseconds: is"
                                        + " the process stopped?",
                                silent);
            }
            stopped.crowd();
            assertThatThrownBy(() -> ControlClient.connect(silent, soon))
                    .isInstanceOfSatisfying(
                            BpfException.class,
                            e -> assertThat(e.errno()).isEqualTo(Errno.ETIMEDOUT));
            assertThatThrownBy(() -> ControlServer.open(silent))
                    .as("it is not taken for one that is gone")
                    .hasMessageContaining("EADDRINUSE");
        }
    }

    /** As the kernel leaves it when a process is killed. */
    static void leave(Path path) throws IOException {
        try (var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(path).exists();
    }

    @Test
    void aSocketThatIsInUseIsNotTakenAway() throws IOException {
        assertThatThrownBy(() -> ControlServer.open(path))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE))
                .hasMessageContaining(path.toString());
        assertStillAnswers();
    }

    @Test
    void anotherFileIsNotTakenAway() throws IOException {
        var file = Files.writeString(folder.resolve("notes.txt"), "mine");
        assertThatThrownBy(() -> ControlServer.open(file))
                .isInstanceOfSatisfying(
                        BpfException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EADDRINUSE))
                .hasMessageContaining("no socket");
        assertThat(file).hasContent("mine");
    }

    @Test
    void aPathThatCannotBeASocketIsRefusedByName() {
        var far = folder.resolve("a").resolve("b").resolve("run.sock");
        assertThatThrownBy(() -> ControlServer.open(far))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("control socket " + far);
        var tooLong = folder.resolve("x".repeat(120));
        assertThatThrownBy(() -> ControlServer.open(tooLong))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
    }
}
