package io.jsockmap.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.DeleteOption;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A real etcd, or a member of one, on ports and in a folder of its own; options are those of TLS.
 */
public final class Etcd implements AutoCloseable {
    private final Path folder;
    private final int port = freePort();
    private final int peerPort = freePort();
    private Process process;
    private Client client;

    private final String name;

    /** All members, for each of them. */
    private String cluster;

    private Etcd(Path folder, String name) {
        this.folder = folder.resolve(name);
        this.name = name;
        cluster = name + "=" + peerUrl();
    }

    private String peerUrl() {
        return "http://127.0.0.1:" + peerPort;
    }

    /** Starts one, or skips the test where none is installed; on CI it must be there. */
    public static Etcd start(Path folder, String... options) {
        checkInstalled();
        var etcd = new Etcd(folder, "single");
        etcd.launch(options);
        if (options.length == 0) etcd.awaitReady();
        return etcd;
    }

    /** Starts members of a cluster. */
    static List<Etcd> startCluster(Path folder, String... names) {
        checkInstalled();
        var members = Arrays.stream(names).map(name -> new Etcd(folder, name)).toList();
        var all = members.stream().map(each -> each.cluster).collect(Collectors.joining(","));
        for (var member : members) member.cluster = all;
        members.forEach(Etcd::launch);
        members.forEach(Etcd::awaitReady);
        return members;
    }

    private static void checkInstalled() {
        boolean isRequired = "true".equals(System.getenv("CI"));
        assumeTrue(
                isInstalled() || isRequired,
                "etcd is not in PATH: apt-get install etcd-server, and the test is run");
    }

    private static boolean isInstalled() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(bin -> Files.isExecutable(Path.of(bin, "etcd")));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again, with what it had. */
    void restart() {
        launch();
        awaitReady();
    }

    private void launch(String... options) {
        var here = (options.length == 0 ? "http" : "https") + "://127.0.0.1:" + port;
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "etcd",
                                "--name=" + name,
                                "--data-dir=" + folder.resolve("data"),
                                "--listen-client-urls=" + here,
                                "--advertise-client-urls=" + here,
                                "--listen-peer-urls=" + peerUrl(),
                                "--initial-advertise-peer-urls=" + peerUrl(),
                                "--initial-cluster=" + cluster));
        command.addAll(List.of(options));
        try {
            Files.createDirectories(folder);
            process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(
                                    ProcessBuilder.Redirect.appendTo(
                                            folder.resolve("etcd.log").toFile()))
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady() {
        client = Client.builder().endpoints("http://127.0.0.1:" + port).waitForReady(true).build();
        await(client.getKVClient().get(bytes("ready")));
    }

    int port() {
        return port;
    }

    public StoreAddress address() {
        return StoreAddress.of("http://127.0.0.1:" + port);
    }

    Client client() {
        return client;
    }

    /** SIGKILL. */
    void kill() {
        client.close();
        end();
    }

    private void end() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public long put(String key, String value) {
        return await(client.getKVClient().put(bytes(key), bytes(value))).getHeader().getRevision();
    }

    long delete(String key) {
        return await(client.getKVClient().delete(bytes(key))).getHeader().getRevision();
    }

    void deleteAll(String prefix) {
        var option = DeleteOption.builder().isPrefix(true).build();
        await(client.getKVClient().delete(bytes(prefix), option));
    }

    /** Forgets what was before a revision. */
    void compact(long revision) {
        await(client.getKVClient().compact(revision));
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    static <T> T await(CompletableFuture<T> answer) {
        return answer.orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        if (client != null) client.close();
        end();
    }
}
