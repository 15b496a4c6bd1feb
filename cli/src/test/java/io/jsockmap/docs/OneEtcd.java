package io.jsockmap.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonParser;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** An etcd of its own, written to as by {@code curl}. */
record OneEtcd(Process process, String address) implements AutoCloseable {
    /** Skips the test where none is installed; on CI it must be there. */
    static OneEtcd start(Path folder) throws IOException, InterruptedException {
        boolean isInstalled =
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(bin -> Files.isExecutable(Path.of(bin, "etcd")));
        assumeTrue(
                isInstalled || "true".equals(System.getenv("CI")),
                "etcd is not in PATH: apt-get install etcd-server, and the test is run");
        var here = "http://127.0.0.1:" + freePort();
        var peers = "http://127.0.0.1:" + freePort();
        var command =
                List.of(
                        "etcd",
                        "--data-dir=" + folder.resolve("etcd"),
                        "--listen-client-urls=" + here,
                        "--advertise-client-urls=" + here,
                        "--listen-peer-urls=" + peers,
                        "--initial-advertise-peer-urls=" + peers,
                        "--initial-cluster=default=" + peers);
        var process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("etcd.log").toFile())
                        .start();
        var etcd = new OneEtcd(process, here);
        while (!etcd.isReady()) {
            assertThat(process.isAlive()).as(folder + "/etcd.log").isTrue();
            Thread.sleep(Duration.ofMillis(20));
        }
        return etcd;
    }

    private boolean isReady() {
        try {
            return put("ready", "") > 0;
        } catch (IOException _) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Writes an entry; gives its revision. */
    long put(String key, String value) throws IOException {
        var entry = "{\"key\": \"%s\", \"value\": \"%s\"}".formatted(base64(key), base64(value));
        var connection =
                (HttpURLConnection) URI.create(address + "/v3/kv/put").toURL().openConnection();
        connection.setDoOutput(true);
        connection.getOutputStream().write(entry.getBytes(UTF_8));
        try (var answer = connection.getInputStream()) {
            var text = new String(answer.readAllBytes(), UTF_8);
            var header = JsonParser.parseString(text).getAsJsonObject().get("header");
            return header.getAsJsonObject().get("revision").getAsLong();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
