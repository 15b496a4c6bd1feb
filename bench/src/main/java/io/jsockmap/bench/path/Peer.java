package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Somebody who carries bytes from clients to an upstream, or nobody. */
interface Peer {

    /** What tables call it. */
    String name();

    /** How it is set, in words. */
    String setting();

    /** Why it can't be started, in words; empty if it can. */
    Optional<String> missing();

    /** Its release, or nothing if that is as for all of this project. */
    default String version() {
        return "";
    }

    /** How many connections it can hold. */
    int most();

    /**
     * How to start it, so that it stays in the foreground.
     *
     * @param listen its port on loopback
     * @param upstream the port on loopback to which it carries
     * @param folder for its configuration
     */
    List<String> command(int listen, int upstream, Path folder) throws IOException;

    /** Where a program of the system is. */
    static Optional<Path> program(String name) {
        var folders = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1));
        return Stream.concat(folders, Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Why a program of the system can't be started. */
    static Optional<String> missing(String program) {
        return program(program).isPresent()
                ? Optional.empty()
                : Optional.of(program + " is not installed");
    }

    /** Where a program of the system is, or its mere name. */
    static String command(String program) {
        return program(program).map(Path::toString).orElse(program);
    }
}
