package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.program.Content;
import io.jsockmap.bpf.program.ContextField;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.sockmap.socket.SockFields;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The tables of fields allow what Linux's verifier was seen to allow, and nothing else. */
class KernelContextsTest {
    private static final List<Integer> SIZES = List.of(1, 2, 4, 8);

    private static ContextLayout<?> layout(String structure) {
        return switch (structure) {
            case "sk_msg" -> SocketPrograms.SK_MSG.context();
            case "sk_skb" -> SocketPrograms.SK_SKB.context();
            case "sock_ops" -> SocketPrograms.SOCK_OPS.context();
            case "sock" -> SockFields.SOCK.layout();
            case "sock_common" -> SockFields.SOCK_COMMON.layout();
            default ->
                    SocketPrograms.SOCK_OPS
                            .helper(96)
                            .orElseThrow()
                            .structure()
                            .orElseThrow()
                            .layout();
        };
    }

    /** "0-8/4 20" as 0, 4, 8, 20. */
    private static IntStream offsets(String text) {
        return Stream.of(text.split(" ", -1))
                .flatMapToInt(
                        part -> {
                            var ends = part.split("[-/]", -1);
                            int first = Integer.parseInt(ends[0]);
                            if (ends.length == 1) return IntStream.of(first);
                            return IntStream.iterate(
                                    first,
                                    at -> at <= Integer.parseInt(ends[1]),
                                    at -> at + Integer.parseInt(ends[2]));
                        });
    }

    private static Map<String, String> ofLinux(String structure) {
        var all = new TreeMap<String, String>();
        for (var row : KernelRows.of("contexts.txt")) {
            var halves = row.split(": ", -1);
            var words = halves[0].split(" ", -1);
            if (!words[0].equals(structure)) continue;
            offsets(halves[1]).forEach(at -> all.put(words[1] + " at " + at, words[2]));
        }
        return all;
    }

    private static Map<String, String> ours(ContextLayout<?> layout) {
        var all = new TreeMap<String, String>();
        for (int size : SIZES) {
            for (int at = -1; at < layout.size() + 2; at++) {
                var place = size + " at " + at;
                var field = field(layout, at);
                int offset = at;
                field.filter(f -> f.mayLoad(offset, size))
                        .ifPresent(f -> all.put("load" + place, word(f.content())));
                field.filter(f -> f.mayStore(offset, size))
                        .ifPresent(
                                _ -> {
                                    all.put("stx" + place, "-");
                                    all.put("st" + place, "-");
                                });
            }
        }
        return all;
    }

    private static Optional<? extends ContextField<?>> field(ContextLayout<?> layout, int at) {
        return layout.field(at);
    }

    private static String word(Content content) {
        return switch (content) {
            case Content.Scalar _ -> "number";
            case Content.PacketStart _ -> "packet";
            case Content.PacketEnd _ -> "packet_end";
            case Content.Pointer(var structure, var maybeNull) ->
                    structure.name() + (maybeNull ? "_or_null" : "");
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"sk_msg", "sk_skb", "sock_ops", "sock", "sock_common", "tcp_sock"})
    void loadsAndStoresAreLinuxs(String structure) {
        assertThat(ours(layout(structure))).isNotEmpty().isEqualTo(ofLinux(structure));
    }
}
