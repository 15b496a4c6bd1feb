package io.jsockmap.bpf.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * A case of the public eBPF conformance suite.
 *
 * @param name the file's, without its ending
 * @param assembly the program as text
 * @param memory what R1 points to
 * @param result R0 at exit, or empty if the run must fail
 */
record Vector(String name, String assembly, byte[] memory, Optional<Long> result) {

    static Vector read(Path file) {
        var sections = sections(file);
        var memory = sections.getOrDefault("mem", "").replaceAll("#.*|\\s", "");
        return new Vector(
                file.getFileName().toString().replace(".data", ""),
                sections.get("asm"),
                HexFormat.of().parseHex(memory),
                Optional.ofNullable(sections.get("result")).map(Vector::number));
    }

    private static long number(String text) {
        var digits = text.strip();
        return digits.startsWith("0x")
                ? Long.parseUnsignedLong(digits.substring(2), 16)
                : Long.parseUnsignedLong(digits);
    }

    private static Map<String, String> sections(Path file) {
        Map<String, String> sections = new HashMap<>();
        var section = "";
        try {
            for (var line : Files.readAllLines(file)) {
                if (line.startsWith("-- ")) {
                    section = line.substring(3).strip();
                } else if (!section.isEmpty()) {
                    sections.merge(section, line + "\n", String::concat);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sections;
    }

    @Override
    public String toString() {
        return name;
    }
}
