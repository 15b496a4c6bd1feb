package io.jsockmap.dashboard;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium with one page, driven by its DevTools protocol. */
final class Browser implements AutoCloseable {
    /** After so long a test hangs: a guard only. */
    private static final int PATIENCE_SECONDS = 60;

    private static final String LISTENING = "DevTools listening on ";

    private final Process process;
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final WebSocket page;
    private int messages;

    private Browser(Process process) throws IOException, InterruptedException {
        this.process = process;
        page =
                http.newWebSocketBuilder()
                        .buildAsync(URI.create(newPage(awaitPort())), new Ears())
                        .join();
    }

    /** Where it is installed, if it is. */
    static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(
                        folder ->
                                Stream.of("chromium", "chromium-browser", "google-chrome")
                                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * @param folder for what it keeps
     */
    static Browser start(Path program, Path folder) throws IOException, InterruptedException {
        var process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-dev-shm-usage",
                                "--no-first-run",
                                "--hide-scrollbars",
                                "--remote-debugging-port=0",
                                "--user-data-dir=" + folder.toAbsolutePath())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return new Browser(process);
    }

    private URI awaitPort() throws IOException {
        BufferedReader said = process.errorReader();
        for (var line = said.readLine(); line != null; line = said.readLine()) {
            if (!line.startsWith(LISTENING)) continue;
            Thread.startVirtualThread(() -> said.lines().forEach(_ -> {}));
            var socket = URI.create(line.substring(LISTENING.length()));
            return URI.create("http://%s:%d/".formatted(socket.getHost(), socket.getPort()));
        }
        throw new IOException("Chromium does not start");
    }

    private String newPage(URI at) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(at.resolve("json/new?about:blank"))
                        .PUT(HttpRequest.BodyPublishers.noBody())
                        .build();
        var answer = http.send(request, BodyHandlers.ofString()).body();
        var page = JsonParser.parseString(answer).getAsJsonObject();
        return page.get("webSocketDebuggerUrl").getAsString();
    }

    private final class Ears implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                received.add(message.toString());
                message.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }

    /** Calls a method of the protocol, and gives its result. */
    private JsonObject call(String method, String parameters) throws InterruptedException {
        int id = ++messages;
        page.sendText(
                        "{\"id\":%d,\"method\":\"%s\",\"params\":%s}"
                                .formatted(id, method, parameters),
                        true)
                .join();
        while (true) {
            var message = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (message == null) throw new IllegalStateException("no answer to " + method);
            var answer = JsonParser.parseString(message).getAsJsonObject();
            if (!answer.has("id") || answer.get("id").getAsInt() != id) continue;
            if (answer.has("error")) throw new IllegalStateException(answer.toString());
            return answer.getAsJsonObject("result");
        }
    }

    void open(URI place) throws InterruptedException {
        call("Page.enable", "{}");
        call("Emulation.setFocusEmulationEnabled", "{\"enabled\":true}");
        call("Page.navigate", "{\"url\":\"%s\"}".formatted(place));
        evaluate(
                """
                new Promise(done => document.readyState === "complete" && location.protocol !== "about:"
                  ? done() : addEventListener("load", done))\
                """);
    }

    /** The value of an expression; a promise is awaited. */
    JsonElement evaluate(String script) throws InterruptedException {
        var parameters = new JsonObject();
        parameters.addProperty("expression", script);
        parameters.addProperty("awaitPromise", true);
        parameters.addProperty("returnByValue", true);
        var result = call("Runtime.evaluate", parameters.toString());
        if (result.has("exceptionDetails")) throw new IllegalStateException(result.toString());
        var value = result.getAsJsonObject("result").get("value");
        return value == null ? JsonNull.INSTANCE : value;
    }

    /**
     * @param scheme {@code light} or {@code dark}
     */
    void prefer(String scheme) throws InterruptedException {
        call(
                "Emulation.setEmulatedMedia",
                "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"%s\"}]}"
                        .formatted(scheme));
    }

    /** Makes the window as wide as it is, in pixels of CSS, at some zoom. */
    void zoom(int width, int times) throws InterruptedException {
        call(
                "Emulation.setDeviceMetricsOverride",
                "{\"width\":%d,\"height\":900,\"deviceScaleFactor\":%d,\"mobile\":false}"
                        .formatted(width / times, times));
    }

    /** A picture of the page's upper part, in pixels of CSS. */
    void picture(Path file, int width, int height) throws IOException, InterruptedException {
        var picture =
                call(
                        "Page.captureScreenshot",
                        """
                        {"format":"png","captureBeyondViewport":true,
                         "clip":{"x":0,"y":0,"width":%d,"height":%d,"scale":1}}\
                        """
                                .formatted(width, height));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(picture.get("data").getAsString()));
    }

    @Override
    public void close() {
        page.abort();
        http.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
