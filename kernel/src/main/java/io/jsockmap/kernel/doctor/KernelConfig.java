package io.jsockmap.kernel.doctor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** How the kernel was built, where it tells. */
final class KernelConfig {
    private static final List<String> WANTED =
            List.of(
                    "CONFIG_BPF_SYSCALL",
                    "CONFIG_BPF_STREAM_PARSER",
                    "CONFIG_NET_SOCK_MSG",
                    "CONFIG_CGROUP_BPF",
                    "CONFIG_BPF_JIT",
                    "CONFIG_DEBUG_INFO_BTF");

    private KernelConfig() {}

    static Finding finding() {
        var subject = "the kernel's configuration";
        var enables = "the kernel engine";
        var lines = read();
        if (lines.isEmpty()) {
            return new Finding(
                    subject,
                    Finding.State.UNKNOWN,
                    "neither /proc/config.gz nor a file in /boot tells",
                    enables);
        }
        List<String> off =
                WANTED.stream().filter(option -> !lines.contains(option + "=y")).toList();
        return Finding.of(
                subject,
                off.isEmpty(),
                off.isEmpty() ? "all that sockmap needs" : "off: " + String.join(", ", off),
                enables);
    }

    private static List<String> read() {
        try (var input = new GZIPInputStream(Files.newInputStream(Path.of("/proc/config.gz")));
                var reader =
                        new BufferedReader(
                                new InputStreamReader(input, StandardCharsets.US_ASCII))) {
            List<String> lines = new ArrayList<>();
            reader.lines().forEach(lines::add);
            return lines;
        } catch (IOException _) {
            return SystemFiles.line("/proc/sys/kernel/osrelease")
                    .map(release -> SystemFiles.lines(Path.of("/boot/config-" + release)))
                    .orElse(List.of());
        }
    }
}
