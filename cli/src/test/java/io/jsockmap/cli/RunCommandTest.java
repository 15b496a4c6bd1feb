package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jsockmap.testkit.pcap.Capture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code run} as one uses it: traffic, a look at the account, and the end. */
class RunCommandTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int SIGTERM_EXIT = 128 + 15;

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

    @Test
    void aSpliceAccountsForEveryByteWhenAskedAndAtTheEnd() throws Exception {
        try (var upstream = listen();
                var run =
                        ChildCommand.start(
                                "run",
                                Outcome.example("splice"),
                                "--listen",
                                "127.0.0.1:0",
                                "--to",
                                "127.0.0.1:" + upstream.getLocalPort(),
                                "--insert",
                                "peers[client.cookie]=upstream",
                                "--insert",
                                "peers[upstream.cookie]=client")) {
            try (var client = connect(run.port());
                    var server = upstream.accept()) {
                client.getOutputStream().write(new byte[1000]);
                assertThat(server.getInputStream().readNBytes(1000)).hasSize(1000);
                server.getOutputStream().write(new byte[2000]);
                assertThat(client.getInputStream().readNBytes(2000)).hasSize(2000);

                run.pressEnter();
                assertThat(run.linesTo("every byte accounted for"))
                        .contains(
                                "open:",
                                "connection 0",
                                "    received 1,000 = 0 passed + 1,000 redirected + 0 dropped"
                                        + " + 0 held",
                                "    received 2,000 = 0 passed + 2,000 redirected + 0 dropped"
                                        + " + 0 held",
                                "map peers (sockhash): verdict=splice; 2 sockets",
                                "2 sockets, every byte accounted for, 0 bytes dropped");

                client.getOutputStream().write(new byte[500]);
                client.shutdownOutput();
                assertThat(server.getInputStream().readAllBytes()).hasSize(500);
                server.shutdownOutput();
                assertThat(client.getInputStream().read()).isNegative();
            }
            awaitOver(run);
            run.terminate();
            assertThat(run.linesTo("every byte accounted for"))
                    .contains(
                            "over (the last 100 at the most):",
                            "connection 0",
                            "    received 1,500 = 0 passed + 1,500 redirected + 0 dropped + 0"
                                    + " held",
                            "    for the network: 1,500 = 1,500 written + 0 discarded + 0 waiting",
                            "map peers (sockhash): verdict=splice; 0 sockets",
                            "2 sockets, every byte accounted for, 0 bytes dropped");
            assertThat(run.exitCode()).isEqualTo(SIGTERM_EXIT);
        }
    }

    /** Asks until the connection is over, for else the end of the proxy would reset it. */
    private static void awaitOver(ChildCommand run) throws Exception {
        boolean over = false;
        while (!over) {
            run.pressEnter();
            over = run.linesTo("every byte accounted for").stream().noneMatch("open:"::equals);
        }
    }

    @Test
    void whatIsOpenAtTheEndGoesOnForTheTimeOfTheDrain() throws Exception {
        try (var run =
                ChildCommand.start(
                        "run",
                        Outcome.example("echo"),
                        "--listen",
                        "127.0.0.1:0",
                        "--insert",
                        "sockets[cookie]=client",
                        "--drain",
                        "3600")) {
            int port = run.port();
            whatIsOpenGoesOn(run, port);
        }
    }

    private static void whatIsOpenGoesOn(ChildCommand run, int port) throws Exception {
        try (var client = connect(port)) {
            client.getOutputStream().write(new byte[5]);
            assertThat(client.getInputStream().readNBytes(5)).hasSize(5);
            run.terminate();
            assertThat(run.linesTo("at the most").getLast())
                    .isEqualTo("1 connection is open, for 3600 seconds at the most");
            assertThatThrownBy(() -> connect(port)).isInstanceOf(ConnectException.class);

            client.getOutputStream().write(new byte[7]);
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).hasSize(7);
            assertThat(run.linesTo("every byte accounted for"))
                    .contains("1 sockets, every byte accounted for, 0 bytes dropped");
            assertThat(run.exitCode()).isEqualTo(SIGTERM_EXIT);
        }
    }

    @Test
    void aTraceShowsEachVerdictWithItsLineOfC() throws Exception {
        try (var run =
                        ChildCommand.start(
                                "run",
                                Outcome.example("echo"),
                                "--listen",
                                "127.0.0.1:0",
                                "--insert",
                                "sockets[cookie]=client",
                                "--trace");
                var client = connect(run.port())) {
            client.getOutputStream().write(new byte[5]);
            assertThat(client.getInputStream().readNBytes(5)).hasSize(5);
            assertThat(run.linesTo("received 5 bytes").getLast())
                    .contains("echo REDIRECT to egress of socket ")
                    .containsPattern("echo\\.bpf\\.c:\\d+: ");
        }
    }

    @Test
    void aPageShowsWhatFlowsAndSoDoesTop() throws Exception {
        try (var run =
                        ChildCommand.start(
                                "run",
                                Outcome.example("echo"),
                                "--listen",
                                "127.0.0.1:0",
                                "--insert",
                                "sockets[cookie]=client",
                                "--http",
                                "0");
                var client = connect(run.port())) {
            var shown = run.linesTo("showing it at http://127.0.0.1:").getLast();
            int http = Integer.parseInt(shown.replaceAll(".*:(\\d+)/$", "$1"));
            client.getOutputStream().write(new byte[5]);
            assertThat(client.getInputStream().readNBytes(5)).hasSize(5);

            var top = Outcome.of("top", "--once", "--http", String.valueOf(http));

            assertThat(top.code()).isZero();
            assertThat(top.err()).isEmpty();
            assertThat(top.out().lines())
                    .anyMatch(line -> line.matches("jsockmap top: echo.bpf.o, running for .*"))
                    .anyMatch(line -> line.startsWith("sockets 1  "))
                    .anyMatch(line -> line.matches(" {2}client 0 .* received 5 B  sent 5 B .*"))
                    .anyMatch(line -> line.matches(" {2}sockets +sockhash +1 of .*"));
            assertThat(top.out()).doesNotContain("\u001b");
        }
    }

    @Test
    void aPageThatOthersCanReachIsWarnedOf() throws Exception {
        try (var run =
                ChildCommand.start(
                        "run",
                        Outcome.example("echo"),
                        "--listen",
                        "127.0.0.1:0",
                        "--insert",
                        "sockets[cookie]=client",
                        "--http",
                        "0.0.0.0:0")) {
            assertThat(run.linesTo("warning: ").getLast()).contains("there is no password");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whoIsToldToEndWhileHeLoadsLeavesNoSocketBehind(@TempDir Path folder) throws Exception {
        // Nobody writes what would be read there, so it loads for ever.
        var object = folder.resolve("object.bpf.o");
        assertThat(new ProcessBuilder("mkfifo", object.toString()).start().waitFor()).isZero();
        var socket = folder.resolve("run.sock");
        try (var run =
                ChildCommand.start(
                        "run",
                        object.toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--insert",
                        "sockets[cookie]=client",
                        "--control",
                        socket.toString(),
                        "--record",
                        folder.resolve("traffic.pcapng").toString())) {
            while (run.isAlive() && Files.notExists(socket)) Thread.onSpinWait();
            assertThat(socket).exists();

            run.terminate();

            assertThat(run.exitCode()).isEqualTo(SIGTERM_EXIT);
            assertThat(socket).doesNotExist();
            assertThat(Capture.read(folder.resolve("traffic.pcapng")).conversations()).isEmpty();
        }
    }

    @Test
    void aConnectionThatCannotBeMadeIsReported() throws Exception {
        int nobody;
        try (var server = listen()) {
            nobody = server.getLocalPort();
        }
        try (var run =
                        ChildCommand.start(
                                "run",
                                Outcome.example("splice"),
                                "--listen",
                                "127.0.0.1:0",
                                "--to",
                                "127.0.0.1:" + nobody,
                                "--insert",
                                "peers[client.cookie]=upstream");
                var _ = connect(run.port())) {
            assertThat(run.linesTo("upstream ").getLast()).contains("refused");
        }
    }
}
