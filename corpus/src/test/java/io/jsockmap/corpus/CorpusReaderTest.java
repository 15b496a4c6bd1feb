package io.jsockmap.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jsockmap.bpf.insn.Operation;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.Subprogram;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class CorpusReaderTest {
    private static final Map<String, Object> CASE =
            Map.of(
                    "name", "a case",
                    "type", "sk_msg",
                    "code", "r0 = 1\nexit",
                    "expect", "accepted",
                    "why", "It does nothing.");

    @Test
    void everyCaseCanBeRead() {
        assertThat(CorpusReader.cases("")).hasSizeGreaterThan(90);
    }

    @Test
    void namesOfMapsAreTheirPlaces() {
        var program =
                read(
                        Map.of(
                                "maps",
                                Map.of("m", "array(4, 8, 1)"),
                                "code",
                                "r1 = map m\nr2 = value m+4\nr0 = 1\nexit"));

        assertThat(program.maps()).extracting(map -> map.name()).containsExactly("m");
        assertThat(program.slot(0).immediate()).isZero();
        assertThat(program.slot(2).immediate()).isEqualTo(4L << 32);
    }

    @Test
    void aCallbackIsFoundOverLabelsAndWideImmediates() {
        var code =
                """
                r2 = function each  # behind a comment
                r3 = 5 ll
                out: r0 = 1
                exit
                each: r0 = 0
                exit
                """;
        var program = read(Map.of("code", code));

        assertThat(program.debug().functions()).extracting(Subprogram::start).containsExactly(0, 6);
        assertThat(program.slot(0).immediate()).isEqualTo(5);
        assertThat(program.slot(0).operation())
                .isEqualTo(new Operation.LoadImmediate(Operation.ImmediateKind.FUNCTION));
    }

    @Test
    void mistakesAreRefused() {
        refuses(Map.of("expects", "accepted"), "unknown key expects");
        refuses(Map.of("expect", "perhaps"), "accepted or refused");
        refuses(Map.of("code", "r1 = map nobody\nexit"), "no map nobody");
        refuses(Map.of("code", "call bpf_nothing\nexit"), "no helper or label bpf_nothing");
        refuses(Map.of("functions", Map.of("f", "static")), "nobody calls [f]");
        refuses(Map.of("differs", "since"), "go together");
        refuses(Map.of("maps", Map.of("m", "array(4, 8)")), "kind(key, value, entries)");
        refuses(Map.of("type", "xdp"), "type: one of");
    }

    private static void refuses(Map<String, Object> changes, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(changes))
                .withMessageContaining(problem);
    }

    private static Program read(Map<String, Object> changes) {
        var values = new HashMap<>(CASE);
        values.putAll(changes);
        return CorpusCase.of("test", new CorpusNode(values)).program();
    }
}
