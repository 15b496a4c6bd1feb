package io.jsockmap.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Who listens, and who only takes up a place. */
@Timeout(120)
class EventsTest {
    /** Some of them fill what the system keeps for a connection. */
    private static final String LONG = "x".repeat(1 << 20);

    private static final Duration NEVER = Duration.ofDays(1);

    private final List<AutoCloseable> open = new ArrayList<>();

    private HttpServer serve(String data, Duration longestWrite) throws IOException {
        var limit = new WriteLimit(longestWrite);
        var events = new Events(() -> data, Duration.ZERO, limit);
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext(
                "/",
                exchange -> {
                    try (exchange) {
                        events.serve(exchange);
                    }
                });
        server.start();
        open.add(
                () -> {
                    server.stop(0);
                    threads.shutdownNow();
                    limit.close();
                });
        return server;
    }

    @AfterEach
    void close() throws Exception {
        for (var one : open.reversed()) one.close();
    }

    private Socket listen(HttpServer server) throws IOException {
        var socket = new Socket(server.getAddress().getAddress(), server.getAddress().getPort());
        open.add(socket);
        socket.setSoTimeout(120_000);
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String status(Socket socket) throws IOException {
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }

    @Test
    void whoDoesNotReadLosesHisPlaceToWhoDoes() throws Exception {
        var server = serve(LONG, Duration.ofMillis(200));
        for (int i = 0; i < Events.MOST; i++) {
            assertThat(status(listen(server))).as("there is a place").doesNotEndWith("503");
        }

        // None of them reads on. Were they never cut off, this would never end.
        var answer = "";
        while (!answer.endsWith("200")) answer = statusOrNothing(listen(server));
    }

    /** Whoever asks just when others are cut off may have his connection reset, and asks again. */
    private static String statusOrNothing(Socket socket) throws IOException {
        try {
            return status(socket);
        } catch (SocketException _) {
            return "";
        }
    }

    @Test
    void thereAreSoManyPlacesForThoseWhoRead() throws Exception {
        var server = serve("short", NEVER);
        for (int i = 0; i < Events.MOST; i++) assertThat(status(listen(server))).endsWith("200");
        assertThat(status(listen(server))).endsWith("503");
    }
}
