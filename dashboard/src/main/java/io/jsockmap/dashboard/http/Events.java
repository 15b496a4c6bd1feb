package io.jsockmap.dashboard.http;

import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/** Server-sent events: what there is to show, once a second, as long as somebody listens. */
final class Events {
    /** Each has a thread and a connection. */
    static final int MOST = 32;

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Supplier<String> data;
    private final Semaphore room = new Semaphore(MOST);

    /**
     * @param data the data of the next event, on one line
     */
    Events(Supplier<String> data) {
        this.data = data;
    }

    void serve(HttpExchange exchange) throws IOException {
        if (!room.tryAcquire()) {
            Answer.refusal(503, "%d listen already".formatted(MOST)).send(exchange);
            return;
        }
        try {
            Answer.prepare(exchange, "text/event-stream; charset=utf-8");
            if (exchange.getRequestMethod().equals("HEAD")) exchange.sendResponseHeaders(200, -1);
            else stream(exchange);
        } finally {
            room.release();
        }
    }

    /** Ends when a write fails, because nobody listens any more, or when the server stops. */
    private void stream(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        var out = exchange.getResponseBody();
        try {
            while (true) {
                out.write(("data: " + data.get() + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(EVERY);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
