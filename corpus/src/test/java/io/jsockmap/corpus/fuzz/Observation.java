package io.jsockmap.corpus.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jsockmap.bpf.btf.SourceLine;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * All that can be seen of a run.
 *
 * @param value R0; empty if the run was ended by a fault
 * @param decided the line that set R0
 * @param fault why the run was ended, and at which instruction; empty if it was not
 * @param exits R0 to R9 where the main function ended
 * @param packet the message's bytes afterwards, each as a character
 * @param fields those of the context, by their names
 * @param maps what is in them, by their names, each byte as a character
 */
record Observation(
        Optional<Long> value,
        Optional<SourceLine> decided,
        Optional<String> fault,
        List<List<Long>> exits,
        List<Journal.Called> calls,
        List<String> printed,
        String packet,
        Map<String, Long> fields,
        Map<String, List<String>> maps) {

    /** What another machine does not do alike, if anything: the first thing that is told. */
    Optional<String> difference(Observation other) {
        if (equals(other)) return Optional.empty();
        return first("fault", fault, other.fault)
                .or(() -> first("calls", calls, other.calls))
                .or(() -> first("R0", value, other.value))
                .or(() -> first("registers", exits, other.exits))
                .or(() -> first("line", decided, other.decided))
                .or(() -> first("printed", printed.toString(), other.printed.toString()))
                .or(() -> first("packet", packet, other.packet))
                .or(() -> first("context", fields, other.fields))
                .or(() -> first("maps", maps, other.maps));
    }

    private static Optional<String> first(String what, Object one, Object other) {
        if (Objects.equals(one, other)) return Optional.empty();
        if (one instanceof Map<?, ?> here && other instanceof Map<?, ?> there) {
            for (var key : here.keySet()) {
                var found = first(what + " " + key, here.get(key), there.get(key));
                if (found.isPresent()) return found;
            }
        }
        return Optional.of("%s: %s and %s".formatted(what, text(one), text(other)));
    }

    private static String text(Object some) {
        return switch (some) {
            case Long number -> "0x" + Long.toHexString(number);
            case String bytes -> HexFormat.of().formatHex(bytes.getBytes(ISO_8859_1));
            case List<?> list -> list.stream().map(Observation::text).toList().toString();
            case Optional<?> value -> value.map(Observation::shown).orElse("none");
            case Map<?, ?> map -> {
                var all = new StringJoiner(", ");
                map.forEach((key, value) -> all.add(key + " = " + text(value)));
                yield all.toString();
            }
            default -> some.toString();
        };
    }

    private static String shown(Object some) {
        return some instanceof String message ? message : text(some);
    }
}
