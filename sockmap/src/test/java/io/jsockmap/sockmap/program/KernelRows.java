package io.jsockmap.sockmap.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What was seen of Linux's verifier, one row a line. */
final class KernelRows {
    private KernelRows() {}

    static List<String> of(String file) {
        try (var in = KernelRows.class.getResourceAsStream("/kernel/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
