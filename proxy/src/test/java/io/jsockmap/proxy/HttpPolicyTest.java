package io.jsockmap.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bpf.Errno;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;

/** The http-policy example judges each request of a connection, however they are packed. */
class HttpPolicyTest {
    private static final String HOME = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String ORDER =
            "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nDELETE /all";
    private static final String ADMIN = "GET /admin/users HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String DELETE = "DELETE /orders/7 HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String TRACE = "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static final int EBADMSG = 74;

    private ServerSocket site;
    private ServerSocket guard;
    private RunningProxy proxy;

    @BeforeEach
    void start() throws IOException {
        site = Loopback.listen();
        guard = Loopback.listen();
        proxy =
                ProxySetup.chooser("http-policy", "judge")
                        .to(Loopback.addressOf(site))
                        .to(Loopback.addressOf(guard))
                        .start();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        site.close();
        guard.close();
    }

    @Test
    void requestsInOnePieceAreJudgedOneByOne() throws Exception {
        assertJudged(HOME + DELETE + ADMIN + ORDER + TRACE + HOME, 1_000_000);
    }

    @Test
    void requestsByteByByteAreJudgedOneByOne() throws Exception {
        assertJudged(HOME + DELETE + ADMIN + ORDER + TRACE + HOME, 1);
    }

    @Test
    void requestsInCrumbsAreJudgedOneByOne() throws Exception {
        for (int piece = 2; piece < 60; piece++) {
            assertJudged(HOME + DELETE + ADMIN + ORDER + TRACE + HOME, piece);
        }
    }

    private void assertJudged(String requests, int piece) throws Exception {
        try (var client = Loopback.connect(proxy.address());
                var atSite = Loopback.accept(site);
                var atGuard = Loopback.accept(guard)) {
            var bytes = requests.getBytes(US_ASCII);
            for (int at = 0; at < bytes.length; at += piece) {
                proxy.awaitReceived("client", at);
                client.getOutputStream().write(bytes, at, Math.min(piece, bytes.length - at));
            }
            client.shutdownOutput();
            assertThat(text(atSite)).isEqualTo(HOME + ORDER + HOME);
            assertThat(text(atGuard)).isEqualTo(ADMIN);
        }
        var report = proxy.report();
        assertThat(report.problem()).isEmpty();
        RunningProxy.assertBalanced(report);
        var received = report.accounts().get("client").receive();
        assertThat(received.passed()).isEqualTo((HOME + ORDER + HOME).length());
        assertThat(received.redirected()).isEqualTo(ADMIN.length());
        assertThat(received.dropped()).isEqualTo((DELETE + TRACE).length());
        proxy.assertNothingIsLeft();
    }

    @Test
    void answersOfBothServersReachTheClient() throws Exception {
        try (var client = Loopback.connect(proxy.address());
                var atSite = Loopback.accept(site);
                var atGuard = Loopback.accept(guard)) {
            client.getOutputStream().write((HOME + ADMIN).getBytes(US_ASCII));
            assertThat(atSite.getInputStream().readNBytes(HOME.length())).hasSize(HOME.length());
            atSite.getOutputStream().write("welcome".getBytes(US_ASCII));
            assertThat(new String(client.getInputStream().readNBytes(7), US_ASCII))
                    .isEqualTo("welcome");
            assertThat(atGuard.getInputStream().readNBytes(ADMIN.length())).hasSize(ADMIN.length());
            atGuard.getOutputStream().write("go away".getBytes(US_ASCII));
            assertThat(new String(client.getInputStream().readNBytes(7), US_ASCII))
                    .isEqualTo("go away");
        }
    }

    @Test
    void aMalformedHeadEndsTheConnection() throws Exception {
        try (var client = Loopback.connect(proxy.address());
                var atSite = Loopback.accept(site);
                var _ = Loopback.accept(guard)) {
            client.getOutputStream().write((HOME + "nonsense\r\n\r\n").getBytes(US_ASCII));
            assertThatThrownBy(() -> client.getInputStream().readAllBytes())
                    .isInstanceOf(SocketException.class);
            assertThat(startOf(atSite)).isIn(HOME, "");
        }
        var report = proxy.report();
        assertThat(report.problem()).isEqualTo("client: " + Errno.nameOf(EBADMSG));
        RunningProxy.assertBalanced(report);
        proxy.assertNothingIsLeft();
    }

    private static String text(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }

    /** The connection is reset, so what came before may be lost. */
    private static String startOf(Socket socket) {
        try {
            return text(socket);
        } catch (IOException _) {
            return "";
        }
    }
}
