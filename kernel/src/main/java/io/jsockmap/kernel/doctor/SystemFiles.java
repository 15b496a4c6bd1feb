package io.jsockmap.kernel.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the kernel tells in files. */
final class SystemFiles {
    private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");

    private SystemFiles() {}

    /** The first line, if there is such a file. */
    static Optional<String> line(String file) {
        return lines(Path.of(file)).stream().findFirst().map(String::strip);
    }

    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException _) {
            return List.of();
        }
    }

    static boolean releaseAtLeast(int major, int minor) {
        var match = RELEASE.matcher(line("/proc/sys/kernel/osrelease").orElse(""));
        if (!match.matches()) return false;
        int found = Integer.parseInt(match.group(1));
        return found > major || found == major && Integer.parseInt(match.group(2)) >= minor;
    }

    static boolean isMounted(Path path, String type) {
        return lines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .anyMatch(
                        fields ->
                                fields.length > 2
                                        && fields[1].equals(path.toString())
                                        && fields[2].equals(type));
    }
}
