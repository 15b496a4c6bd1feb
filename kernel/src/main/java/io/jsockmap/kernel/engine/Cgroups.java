package io.jsockmap.kernel.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where this process is among the cgroups of version 2. */
final class Cgroups {
    private static final Path USUAL = Path.of("/sys/fs/cgroup");

    private Cgroups() {}

    /** The folder of its own; the usual root if the kernel does not tell. */
    static Path own() {
        var root = root();
        var path =
                lines(Path.of("/proc/self/cgroup")).stream()
                        .filter(line -> line.startsWith("0::/"))
                        .map(line -> line.substring("0::/".length()))
                        .findFirst()
                        .orElse("");
        var own = root.resolve(path);
        return Files.isDirectory(own) ? own : root;
    }

    /** Where the tree is mounted. */
    static Path root() {
        return lines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst()
                .orElse(USUAL);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }
}
