package io.jsockmap.provider;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A real PostgreSQL, on a port and in a folder of its own; it does not run as root. */
final class Postgres implements AutoCloseable {
    private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
    private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

    private final Path programs;
    private final Path folder;
    private final int port = freePort();

    private Postgres(Path programs) throws IOException {
        this.programs = programs;
        folder = Files.createTempDirectory("postgres");
    }

    /** Starts one, or skips the test where none is installed; on CI it must be there. */
    static Postgres start() throws IOException {
        var programs = programs();
        boolean isRequired = "true".equals(System.getenv("CI"));
        assumeTrue(
                programs.isPresent() || isRequired,
                "there is no PostgreSQL: apt-get install postgresql, and the test is run");
        var server = new Postgres(programs.orElseThrow());
        if (IS_ROOT) server.run("chown", "postgres", server.folder.toString());
        server.runHere("initdb", "--auth=trust", "--username=postgres", "--no-sync");
        server.runHere(
                "pg_ctl",
                "start",
                "--wait",
                "--log=" + server.folder.resolve("log"),
                "--options=-F -h 127.0.0.1 -p %d -k ''".formatted(server.port));
        return server;
    }

    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(INSTALLED)) return Optional.empty();
        try (var versions = Files.list(INSTALLED)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of its programs, on its data. */
    private void runHere(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (IS_ROOT) command.addAll(List.of("runuser", "-u", "postgres", "--"));
        command.add(programs.resolve(program).toString());
        command.add("--pgdata=" + folder.resolve("data"));
        command.addAll(List.of(arguments));
        run(command.toArray(String[]::new));
    }

    private void run(String... command) throws IOException {
        var output = Files.createTempFile("postgres", ".out");
        // To a file, as the server inherits it and so a pipe would not end.
        var process =
                new ProcessBuilder(command)
                        .directory(folder.getParent().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        int status = process.onExit().join().exitValue();
        var said = Files.readString(output);
        Files.delete(output);
        if (status != 0) throw new IOException("%s: %s".formatted(String.join(" ", command), said));
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        runHere("pg_ctl", "stop", "--mode=immediate", "--wait");
        run("rm", "-r", folder.toString());
    }
}
