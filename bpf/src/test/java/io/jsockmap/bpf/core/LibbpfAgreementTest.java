package io.jsockmap.bpf.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.insn.Code;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Fitted to the same types, programs are instruction by instruction what libbpf makes of them. */
class LibbpfAgreementTest {
    private static final int WIDE = 0x18;

    /** Libbpf takes the value of an unsigned enumeration for negative and refuses the program. */
    private static final Set<String> DIFFER = Set.of("unsigned_value", "ambiguous", "distant");

    private final Fitted programs = Fitted.toTarget();

    static Stream<List<String>> programs() throws IOException {
        var file = Fixtures.path("core-fields").resolveSibling("core-fields.libbpf.txt");
        return Files.readAllLines(file).stream()
                .map(line -> List.of(line.split(" ")))
                .filter(words -> !DIFFER.contains(words.getFirst()));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void instructionsAreThoseOfLibbpf(List<String> words) {
        var expected = words.subList(2, words.size());
        var code = programs.object().program(words.getFirst()).code();
        var bytes = ByteBuffer.wrap(code.encode()).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(code.size()).isEqualTo(expected.size());
        for (int slot = 0; slot < code.size(); slot++) {
            int at = slot * Code.SLOT;
            boolean map = bytes.get(at) == WIDE && (bytes.get(at + 1) & 0xf0) != 0;
            if (map) {
                // Which number a map has is each loader's own.
                slot++;
                continue;
            }
            var text =
                    "%02x%x%x:%d:%d"
                            .formatted(
                                    bytes.get(at),
                                    bytes.get(at + 1) >> 4 & 0xf,
                                    bytes.get(at + 1) & 0xf,
                                    bytes.getShort(at + 2),
                                    bytes.getInt(at + 4));
            assertThat(text).as("instruction %d", slot).isEqualTo(expected.get(slot));
        }
    }
}
