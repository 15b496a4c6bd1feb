package io.jsockmap.dashboard.http;

import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Server-sent events: what there is to show, now and then, as long as somebody listens and takes
 * what he is sent.
 */
final class Events {
    /** Each has a thread and a connection. */
    static final int MOST = 32;

    private final Supplier<String> data;
    private final Duration pause;
    private final WriteLimit limit;
    private final Semaphore room = new Semaphore(MOST);

    /**
     * @param data the data of the next event, on one line
     * @param pause between one and the next
     */
    Events(Supplier<String> data, Duration pause, WriteLimit limit) {
        this.data = data;
        this.pause = pause;
        this.limit = limit;
    }

    void serve(HttpExchange exchange) throws IOException {
        if (!room.tryAcquire()) {
            var answer = Answer.line(503, "%d listen already".formatted(MOST));
            limit.write(() -> answer.send(exchange));
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

    /** Ends when a write fails or lasts too long, or when the server stops. */
    private void stream(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        var out = exchange.getResponseBody();
        try {
            while (true) {
                var event = ("data: " + data.get() + "\n\n").getBytes(StandardCharsets.UTF_8);
                limit.write(
                        () -> {
                            out.write(event);
                            out.flush();
                        });
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
