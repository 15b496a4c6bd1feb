package io.jsockmap.kernel.doctor;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The capabilities of this process (capabilities(7)). */
final class Capabilities {
    /** By their bits. */
    private static final Map<String, Integer> WANTED = new LinkedHashMap<>();

    static {
        WANTED.put("CAP_BPF", 39);
        WANTED.put("CAP_NET_ADMIN", 12);
        WANTED.put("CAP_PERFMON", 38);
        WANTED.put("CAP_SYS_ADMIN", 21);
    }

    private Capabilities() {}

    static Finding finding() {
        var subject = "capabilities";
        var enables = "the kernel engine; CAP_PERFMON perf buffers, CAP_SYS_ADMIN lists of all ids";
        long effective = effective();
        List<String> held = WANTED.keySet().stream().filter(name -> has(effective, name)).toList();
        boolean enough =
                has(effective, "CAP_SYS_ADMIN")
                        || has(effective, "CAP_BPF") && has(effective, "CAP_NET_ADMIN");
        return Finding.of(
                subject,
                enough,
                enough
                        ? String.join(", ", held)
                        : "has %s; grant CAP_BPF and CAP_NET_ADMIN, or run as root"
                                .formatted(held.isEmpty() ? "none" : String.join(", ", held)),
                enables);
    }

    private static boolean has(long effective, String name) {
        return (effective >> WANTED.get(name) & 1) != 0;
    }

    private static long effective() {
        return SystemFiles.lines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("CapEff:"))
                .map(line -> line.substring("CapEff:".length()).strip())
                .mapToLong(bits -> Long.parseUnsignedLong(bits, 16))
                .findFirst()
                .orElse(0);
    }
}
