package io.jsockmap.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;

import io.jsockmap.dashboard.Stage;
import io.jsockmap.dashboard.state.StateJson;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What is answered over HTTP. */
class WebServerTest {
    /** After so long a test hangs: a guard only. */
    private static final int PATIENCE = 60_000;

    private final Stage stage = new Stage();
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = WebServer.start(loopback, stage.snapshots(), stage.object());
    }

    @AfterEach
    void stop() {
        server.close();
        stage.close();
    }

    private Socket ask(String request) throws IOException {
        var socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(PATIENCE);
        socket.getOutputStream()
                .write((request.replace("\n", "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** All of an answer. */
    private String answer(String request) throws IOException {
        try (var socket = ask(request)) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String get(String path) throws IOException {
        return answer("GET %s HTTP/1.1\nHost: localhost\nConnection: close\n".formatted(path));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/style.css, text/css; charset=utf-8",
        "/page.js, text/javascript; charset=utf-8",
        "/icon.svg, image/svg+xml",
        "/api/state, application/json; charset=utf-8",
        "/metrics, text/plain",
        "/healthz, text/plain; charset=utf-8",
        "/maps/servers, text/html; charset=utf-8",
        "/maps/servers?page=7, text/html; charset=utf-8"
    })
    void everyPageHasItsTypeAndStaysAmongItself(String path, String type) throws IOException {
        assertThat(get(path))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .containsIgnoringCase("\r\nContent-Type: " + type)
                .containsIgnoringCase("\r\nContent-Security-Policy: default-src 'self'; ")
                .containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n")
                .containsIgnoringCase("\r\nCache-Control: no-store\r\n")
                .doesNotContainIgnoringCase("\r\nSet-Cookie:")
                .doesNotContainIgnoringCase("\r\nAccess-Control-Allow-Origin:");
    }

    @ParameterizedTest
    @CsvSource({"/nothing", "/maps/nobody", "/maps/", "/style.css/", "/../etc/passwd"})
    void whatIsNotThereIsNotFound(String path) throws IOException {
        assertThat(get(path)).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void whoAsksForItsHealthHearsOkWhileItServes() throws IOException {
        var answer = get("/healthz");
        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(body(answer)).isEqualTo("ok\n");
    }

    @Test
    void whoAsksForItsHealthHearsWhenItCloses() throws IOException {
        stage.stopServing();
        var answer = get("/healthz");
        assertThat(answer).startsWith("HTTP/1.1 503 ");
        assertThat(body(answer)).isEqualTo("closing: no connection is accepted any more\n");
    }

    @Test
    void aForeignNameIsRefusedOnEveryPath() throws IOException {
        for (var path : new String[] {"/", "/events", "/metrics", "/nothing"}) {
            assertThat(
                            answer(
                                    "GET %s HTTP/1.1\nHost: evil.example\nConnection: close\n"
                                            .formatted(path)))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("ask by the address");
        }
    }

    @Test
    void anotherSitesPageIsRefusedOnEveryPath() throws IOException {
        for (var path : new String[] {"/", "/events", "/metrics", "/nothing"}) {
            assertThat(
                            answer(
                                    """
                                    GET %s HTTP/1.1
                                    Host: localhost
                                    Sec-Fetch-Site: cross-site
                                    Connection: close
                                    """
                                            .formatted(path)))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("another site's page asked, which is not answered");
        }
    }

    @Test
    void anotherMethodIsToldWhichThereAre() throws IOException {
        assertThat(answer("POST / HTTP/1.1\nHost: localhost\nConnection: close\n"))
                .startsWith("HTTP/1.1 405 ")
                .containsIgnoringCase("\r\nAllow: GET, HEAD\r\n");
    }

    @Test
    void headIsGetWithoutTheBody() throws IOException {
        var head = answer("HEAD /page.js HTTP/1.1\nHost: localhost\nConnection: close\n");
        int length = body(get("/page.js")).getBytes(StandardCharsets.UTF_8).length;
        assertThat(head).containsIgnoringCase("\r\nContent-Length: %d\r\n".formatted(length));
        assertThat(body(head)).isEmpty();
    }

    @Test
    void theStateIsJson() throws IOException {
        stage.connect();
        var state = StateJson.read(body(get("/api/state")));
        assertThat(state.object()).isEqualTo("http-policy.bpf.o");
        assertThat(state.sockets()).hasSize(3);
    }

    @Test
    void openMetricsAreGivenToWhoAsks() throws IOException {
        var answer =
                answer(
                        """
                        GET /metrics HTTP/1.1
                        Host: localhost
                        Accept: application/openmetrics-text; version=1.0.0
                        Connection: close
                        """);
        assertThat(body(answer)).endsWith("# EOF\n");
    }

    @Test
    void anEventHasThePartsOfThePage() throws IOException {
        try (var socket = ask("GET /events HTTP/1.1\nHost: localhost\n")) {
            var in =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            var line = in.readLine();
            while (!line.startsWith("data: ")) line = in.readLine();
            var parts = JsonParser.parseString(line.substring("data: ".length()));
            assertThat(parts.getAsJsonObject().keySet()).contains("counters", "graph", "sockets");
        }
    }
}
