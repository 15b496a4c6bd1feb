package io.jsockmap.dashboard;

import io.jsockmap.dashboard.state.State;
import io.jsockmap.dashboard.state.StateJson;
import io.jsockmap.sockmap.socket.Addresses;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A proxy that was started with {@code --http}, asked for {@code /api/state}. */
public final class StateSource {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    // It is asked for itself, by whatever way the web is reached.
                    .proxy(HttpClient.Builder.NO_PROXY)
                    .build();

    private final String place;

    private StateSource(InetSocketAddress address) {
        place = Addresses.print(address);
    }

    /**
     * Nothing is asked yet.
     *
     * @param address as it was given there
     */
    public static StateSource http(InetSocketAddress address) {
        return new StateSource(address);
    }

    /**
     * The state now.
     *
     * @throws IOException if the proxy does not answer, or with something else
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public State state() throws IOException, InterruptedException {
        var uri = URI.create("http://%s/api/state".formatted(place));
        var request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        try {
            var answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) return StateJson.read(answer.body());
            throw new IOException(
                    "%s answers with status %d: is it a jsockmap run --http?"
                            .formatted(uri, answer.statusCode()));
        } catch (ConnectException e) {
            throw new IOException(
                    "ECONNREFUSED: nobody answers at %s: start a proxy with jsockmap run ... --http %1$s"
                            .formatted(place),
                    e);
        }
    }
}
