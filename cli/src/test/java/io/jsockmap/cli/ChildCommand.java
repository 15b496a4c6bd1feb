package io.jsockmap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** {@code jsockmap} as a process of its own, with the classes of this build. */
final class ChildCommand implements AutoCloseable {
    /** After so long a test hangs: a guard only, nothing is decided by it. */
    private static final int HANG_SECONDS = 120;

    private static final Path RUNTIME = folder();

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private ChildCommand(Process process) {
        this.process = process;
        Thread.startVirtualThread(this::readLines);
    }

    /** Its control socket, if it has one, is where nobody but the test looks for it. */
    static ChildCommand start(String... arguments) throws IOException {
        return start(RUNTIME, arguments);
    }

    /** With a runtime directory of its own, in which control sockets are. */
    static ChildCommand start(Path runtime, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Collections.addAll(
                command, "-Duser.language=en", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
        var modules = System.getProperty("jdk.module.path");
        // What no module names is on the class path, also where there are modules.
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"));
        if (modules == null) {
            command.add(Main.class.getName());
        } else {
            Collections.addAll(command, "-p", modules, "-m");
            command.add("io.jsockmap.cli/" + Main.class.getName());
        }
        Collections.addAll(command, arguments);
        if (List.of(arguments).contains("run")) {
            Collections.addAll(command, Engines.OPTION, Engines.TESTED);
        }
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        process.environment().put("XDG_RUNTIME_DIR", runtime.toString());
        return new ChildCommand(process.start());
    }

    private static Path folder() {
        try {
            return Files.createDirectories(
                    Outcome.ROOT.resolve("cli/target/runtime").toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readLines() {
        try (BufferedReader out = process.inputReader()) {
            for (var line = out.readLine(); line != null; line = out.readLine()) lines.add(line);
        } catch (IOException _) {
            // Its end closes the stream, one way or the other.
        }
    }

    /** Waits for a line that has such a part, and gives all lines up to it. */
    List<String> linesTo(String part) throws InterruptedException {
        List<String> all = new ArrayList<>();
        while (all.isEmpty() || !all.getLast().contains(part)) {
            var line = lines.poll(HANG_SECONDS, TimeUnit.SECONDS);
            assertThat(line).as("a line with %s, behind %s", part, all).isNotNull();
            all.add(line);
        }
        return all;
    }

    /** The port that it listens on, as it says. */
    int port() throws InterruptedException {
        var line = linesTo("listening on ").getLast();
        return Pattern.compile("listening on 127.0.0.1:(\\d+)")
                .matcher(line)
                .results()
                .map((MatchResult match) -> Integer.parseInt(match.group(1)))
                .findFirst()
                .orElseThrow();
    }

    void pressEnter() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** As Ctrl-C does it, or the system at its end. */
    void terminate() {
        // Not by the process itself, which would take away its last words.
        process.toHandle().destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() throws InterruptedException {
        assertThat(process.waitFor(HANG_SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
