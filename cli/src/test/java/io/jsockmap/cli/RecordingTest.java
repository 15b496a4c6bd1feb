package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.testkit.pcap.Capture;
import io.jsockmap.testkit.pcap.Ending;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** {@code run --record}: what went through the proxy is in the file, from both of its sides. */
class RecordingTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    /** So many that without a recording they would pass by splice(2). */
    private static final int MANY = 2_000_000;

    private static ChildCommand run(ServerSocket upstream, Path file, String... more)
            throws Exception {
        String[] arguments = {
            "run",
            Outcome.example("splice"),
            "--listen",
            "127.0.0.1:0",
            "--to",
            "127.0.0.1:" + upstream.getLocalPort(),
            "--insert",
            "peers[client.cookie]=upstream",
            "--insert",
            "peers[upstream.cookie]=client",
            "--record",
            file.toString()
        };
        var all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return ChildCommand.start(all);
    }

    private static ServerSocket listen() throws Exception {
        var server = new ServerSocket(0, 50, LOOPBACK);
        server.setSoTimeout(120_000);
        return server;
    }

    private static Socket connect(int port) throws Exception {
        var socket = new Socket(LOOPBACK, port);
        socket.setSoTimeout(120_000);
        return socket;
    }

    private static byte[] randomBytes(int seed) {
        var bytes = new byte[MANY];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static void exchange(ChildCommand run, ServerSocket upstream, byte[] out, byte[] back)
            throws Exception {
        try (var client = connect(run.port());
                var server = upstream.accept()) {
            var sending =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    client.getOutputStream().write(out);
                                    client.shutdownOutput();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            assertThat(server.getInputStream().readAllBytes()).isEqualTo(out);
            sending.join();
            var answering =
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    server.getOutputStream().write(back);
                                    server.shutdownOutput();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            });
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(back);
            answering.join();
        }
    }

    @Test
    void bothConnectionsAreThereWithAllBytesAndTheVerdicts(@TempDir Path folder) throws Exception {
        var file = folder.resolve("traffic.pcapng");
        var out = randomBytes(1);
        var back = randomBytes(2);
        try (var upstream = listen();
                var run = run(upstream, file)) {
            exchange(run, upstream, out, back);
            run.terminate();
            assertThat(run.linesTo("every byte accounted for")).isNotEmpty();
            run.exitCode();

            var capture = Capture.read(file);
            assertThat(capture.notes()).isEmpty();
            assertThat(capture.conversations()).hasSize(2);
            for (var conversation : capture.conversations()) {
                assertThat(conversation.notes()).isEmpty();
                assertThat(conversation.openingSeen()).isTrue();
                assertThat(conversation.ending()).isEqualTo(Ending.CLOSED);
                assertThat(conversation.sent(true)).isEqualTo(out);
                assertThat(conversation.sent(false)).isEqualTo(back);
                assertThat(conversation.remarks())
                        .isNotEmpty()
                        .allSatisfy(
                                remark ->
                                        assertThat(remark.text())
                                                .startsWith("splice: REDIRECT of ")
                                                .contains(", splice.bpf.c:"));
            }
            var servers = capture.conversations().stream().map(c -> c.server().getPort());
            assertThat(servers).contains(upstream.getLocalPort());
        }
    }

    @Test
    void atItsLimitTheRecordingStopsWithAWord(@TempDir Path folder) throws Exception {
        var file = folder.resolve("traffic.pcapng");
        var out = randomBytes(3);
        try (var upstream = listen();
                var run = run(upstream, file, "--record-limit", "300000")) {
            exchange(run, upstream, out, new byte[0]);
            assertThat(run.linesTo(" stopped: ").getLast())
                    .isEqualTo(
                            "recording to %s stopped: the capture has reached its limit"
                                    .formatted(file));
            assertThat(file.toFile().length()).isBetween(100_000L, 300_000L);
            assertThat(Capture.read(file).conversations().getFirst().sent(true))
                    .isNotEmpty()
                    .isEqualTo(
                            Arrays.copyOf(
                                    out,
                                    Capture.read(file)
                                            .conversations()
                                            .getFirst()
                                            .sent(true)
                                            .length));
        }
    }
}
