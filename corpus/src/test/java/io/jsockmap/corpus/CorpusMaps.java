package io.jsockmap.corpus;

import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The maps of a case: {@code kind(key, value, entries)}, or a mapping with more. */
final class CorpusMaps {
    private static final Pattern KIND =
            Pattern.compile("(\\w+)\\s*\\(\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\)");
    private static final Pattern SPECIAL = Pattern.compile("(lock|timer) at (\\d+)");

    /** BPF_F_ flags of creation. */
    private static final Map<String, Integer> FLAGS =
            Map.of(
                    "no_prealloc", 1,
                    "no_common_lru", 2,
                    "rdonly", 1 << 3,
                    "wronly", 1 << 4,
                    "zero_seed", 1 << 6,
                    "rdonly_prog", 1 << 7,
                    "wronly_prog", 1 << 8,
                    "mmapable", 1 << 10,
                    "preserve_elems", 1 << 11,
                    "inner_map", 1 << 12);

    private static final MapKinds KINDS =
            MapKinds.plain()
                    .with(MapType.SOCKMAP, UserSockMap::new)
                    .with(MapType.SOCKHASH, UserSockHash::new);

    private CorpusMaps() {}

    /** The maps by their names, in the order of their places. */
    static Map<String, BpfMap> read(Map<String, Object> maps) {
        Map<String, BpfMap> made = new LinkedHashMap<>();
        maps.forEach((name, value) -> made.put(name, make(name, value)));
        return made;
    }

    private static BpfMap make(String name, Object value) {
        if (!(value instanceof Map<?, ?>)) return KINDS.create(definition(name, value));
        var node = CorpusNode.of(value);
        node.allowOnly(List.of("is", "flags", "extra", "special", "inner", "contents", "frozen"));
        var map = KINDS.create(definition(name, value));
        node.optionalText("contents").ifPresent(hex -> fill((ArrayMap) map, hex));
        node.optionalText("frozen")
                .ifPresent(
                        hex -> {
                            fill((ArrayMap) map, hex);
                            map.freeze();
                        });
        return map;
    }

    private static MapDefinition definition(String name, Object value) {
        if (!(value instanceof Map<?, ?>)) return plain(name, value.toString());
        var node = CorpusNode.of(value);
        int flags = node.texts("flags").stream().mapToInt(CorpusMaps::flag).sum();
        var special = node.texts("special").stream().map(CorpusMaps::special).toList();
        var definition =
                plain(name, node.text("is"))
                        .withFlags(flags)
                        .withExtra(node.optionalText("extra").map(Long::decode).orElse(0L))
                        .withSpecial(special);
        var inner = node.values().get("inner");
        return inner == null ? definition : definition.holding(definition("inner", inner));
    }

    private static MapDefinition plain(String name, String text) {
        var match = matched(KIND, text, "kind(key, value, entries)");
        var type = MapType.valueOf(match.group(1).toUpperCase(Locale.ROOT));
        var definition =
                MapDefinition.of(
                        name,
                        type,
                        Integer.parseInt(match.group(2)),
                        Integer.parseInt(match.group(3)),
                        Long.parseLong(match.group(4)));
        // Storage must have types; which ones they are makes no difference here.
        return type == MapType.SK_STORAGE ? definition.withTypes(1, 1) : definition;
    }

    private static int flag(String name) {
        var flag = FLAGS.get(name);
        if (flag == null) throw new IllegalArgumentException("no flag " + name);
        return flag;
    }

    private static SpecialField special(String text) {
        var match = matched(SPECIAL, text, "lock at N, or timer at N");
        var kind =
                match.group(1).equals("lock")
                        ? SpecialField.Kind.SPIN_LOCK
                        : SpecialField.Kind.TIMER;
        return new SpecialField(kind, Integer.parseInt(match.group(2)));
    }

    private static MatchResult matched(Pattern pattern, String text, String expected) {
        var match = pattern.matcher(text);
        if (match.matches()) return match;
        throw new IllegalArgumentException("%s: expected %s".formatted(text, expected));
    }

    /** Values one after the other; zeros where the text ends early. */
    private static void fill(ArrayMap map, String hex) {
        var bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        int size = map.valueSize();
        for (int i = 0; i < map.maxEntries(); i++) {
            int from = Math.min(bytes.length, i * size);
            var value = Arrays.copyOf(Arrays.copyOfRange(bytes, from, bytes.length), size);
            map.update(IndexKey.of(i), value, UpdateFlag.ANY);
        }
    }
}
