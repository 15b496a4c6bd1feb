package io.jsockmap.bench.path;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many files and sockets a process may have open. */
final class Descriptors {
    /** Left for everything but the connections. */
    static final int SPARE = 400;

    static final int LIMIT = limit();

    private static final int MANY = 1_000_000;

    private Descriptors() {}

    private static int limit() {
        try (var lines = Files.lines(Path.of("/proc/self/limits"))) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.split("\\s+", -1)[3])
                    .mapToInt(most -> most.equals("unlimited") ? MANY : Integer.parseInt(most))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many connections fit that take so many each. */
    static int connections(int each) {
        return (LIMIT - SPARE) / each;
    }
}
