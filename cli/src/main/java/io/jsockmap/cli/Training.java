package io.jsockmap.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the launcher runs once to have the JVM make its cache of classes (JEP 514): the commands
 * that people wait for. It takes a port of its own on loopback, prints nothing, and ends.
 */
final class Training {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private Training() {}

    public static void main(String[] arguments) throws Exception {
        execute("--help");
        execute("run", "--help");
        var object = object();
        var folder = Files.createTempDirectory("jsockmap-training");
        var control = folder.resolve("run.sock");
        folder.toFile().deleteOnExit();
        execute("verify", object);
        int port;
        // Where nobody listens: to connect is to be refused.
        int upstream;
        try (var one = free();
                var other = free()) {
            port = one.getLocalPort();
            upstream = other.getLocalPort();
        }
        Thread.ofPlatform()
                .daemon()
                .start(
                        () ->
                                execute(
                                        "run",
                                        object,
                                        "--listen",
                                        "127.0.0.1:" + port,
                                        "--to",
                                        "127.0.0.1:" + upstream,
                                        "--insert",
                                        "peers[client.cookie]=upstream",
                                        "--insert",
                                        "peers[upstream.cookie]=client",
                                        "--control",
                                        control.toString()));
        awaitListening(port);
        execute("map", "dump", "peers", "--control", control.toString());
        execute("demo");
        System.exit(0);
    }

    private static String object() {
        var home = Path.of(System.getProperty("jsockmap.home", "."));
        return home.resolve("examples/splice/splice.bpf.o").toString();
    }

    private static void execute(String... arguments) {
        Main.commandLine()
                .setOut(new PrintWriter(PrintWriter.nullWriter()))
                .setErr(new PrintWriter(PrintWriter.nullWriter()))
                .execute(arguments);
    }

    private static ServerSocket free() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static void awaitListening(int port) throws InterruptedException {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end && !isListening(port)) Thread.sleep(20);
    }

    private static boolean isListening(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }
}
