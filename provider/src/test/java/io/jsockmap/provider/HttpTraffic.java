package io.jsockmap.provider;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** Requests whose bodies an HTTP server is to send back, by the JDK's client. */
final class HttpTraffic {
    /** Small ones and some that fill every buffer on the way. */
    private static final int[] LENGTHS = {0, 1, 100, 70_000, 3_000_000};

    private static final int ROUNDS = 8;

    private HttpTraffic() {}

    /**
     * Sends all of them, some at a time over several connections and again over the same.
     *
     * @return how many bytes of bodies went each way
     */
    static long run(int port) throws IOException {
        long sum = 0;
        try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int round = 0; round < ROUNDS; round++) {
                List<CompletableFuture<Integer>> exchanges = new ArrayList<>();
                for (int length : LENGTHS) exchanges.add(exchange(client, port, length, round));
                for (var exchange : exchanges) sum += exchange.join();
            }
        }
        return sum;
    }

    private static CompletableFuture<Integer> exchange(
            HttpClient client, int port, int length, int seed) {
        var body = new byte[length];
        new Random(seed).nextBytes(body);
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/echo".formatted(port)))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(
                        response -> {
                            check(response.statusCode() == 200, "status " + response.statusCode());
                            check(Arrays.equals(response.body(), body), "another body came back");
                            return length;
                        });
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) throw new AssertionError(otherwise);
    }
}
