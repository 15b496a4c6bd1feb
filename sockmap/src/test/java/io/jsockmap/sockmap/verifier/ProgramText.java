package io.jsockmap.sockmap.verifier;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.HelperNames;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A program as the catalogue of rules writes it: assembler with names for what is called. */
final class ProgramText {
    private static final Pattern MAP =
            Pattern.compile("(\\w+) (\\w+)\\((\\d+), (\\d+), (\\d+)\\)(.*)");
    private static final Pattern LOCK = Pattern.compile("lock@(\\d+)");
    private static final Pattern CALL = Pattern.compile("call (bpf_\\w+)");
    private static final Pattern OF_MAP = Pattern.compile("(r\\d+) = (map|value) (\\w+)(\\+\\d+)?");
    private static final Pattern FUNCTION = Pattern.compile("(r\\d+) = function (\\w+)");
    private static final int RDONLY_PROG = 1 << 7;

    private static final Map<String, Integer> HELPERS = new HashMap<>();

    static {
        for (int i = 0; !HelperNames.of(i).equals("unknown"); i++) {
            HELPERS.put(HelperNames.of(i), i);
        }
    }

    private static final MapKinds KINDS =
            MapKinds.plain()
                    .with(MapType.SOCKMAP, UserSockMap::new)
                    .with(MapType.SOCKHASH, UserSockHash::new);

    private static final Map<String, ProgramType> TYPES =
            Map.of(
                    "sk_msg", SocketPrograms.SK_MSG,
                    "sk_skb", SocketPrograms.SK_SKB,
                    "sock_ops", SocketPrograms.SOCK_OPS);

    private final ProgramType type;
    private final List<String> mapNames = new ArrayList<>();
    private final List<BpfMap> maps = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();

    private ProgramText(String type, List<String> maps) {
        this.type = TYPES.get(type);
        maps.forEach(this::make);
    }

    /** Reads a program. */
    static Program read(String type, String license, List<String> maps, String text) {
        return new ProgramText(type, maps).program(license, text);
    }

    /** A program under the GPL. */
    static Program read(String type, List<String> maps, String text) {
        return read(type, "GPL", maps, text);
    }

    private void make(String text) {
        var parts = MAP.matcher(text);
        if (!parts.matches()) throw new IllegalArgumentException(text);
        var definition =
                MapDefinition.of(
                        parts.group(1),
                        MapType.valueOf(parts.group(2).toUpperCase(Locale.ROOT)),
                        Integer.parseInt(parts.group(3)),
                        Integer.parseInt(parts.group(4)),
                        Long.parseLong(parts.group(5)));
        if (parts.group(6).contains("rdonly_prog")) definition = definition.withFlags(RDONLY_PROG);
        var lock = LOCK.matcher(parts.group(6));
        if (lock.find()) {
            int offset = Integer.parseInt(lock.group(1));
            definition =
                    definition.withSpecial(
                            List.of(new SpecialField(SpecialField.Kind.SPIN_LOCK, offset)));
        }
        mapNames.add(parts.group(1));
        maps.add(KINDS.create(definition));
    }

    private Program program(String license, String text) {
        var lines = text.lines().map(String::strip).toList();
        int slot = 0;
        for (var line : lines) {
            if (line.endsWith(":")) labels.put(line.replace(":", ""), slot);
            slot += slots(line);
        }
        List<String> assembly = new ArrayList<>();
        slot = 0;
        for (var line : lines) {
            assembly.add(translate(line, slot));
            slot += slots(line);
        }
        var debug = new Debug(new TreeMap<>(), List.of(), Optional.empty(), license);
        var code = Assembler.assemble(String.join("\n", assembly));
        return new Program("example", type, code, maps, debug);
    }

    private static int slots(String line) {
        if (line.isEmpty() || line.endsWith(":")) return 0;
        boolean wide = OF_MAP.matcher(line).matches() || FUNCTION.matcher(line).matches();
        return wide || line.endsWith(" ll") ? 2 : 1;
    }

    private String translate(String line, int slot) {
        var map = OF_MAP.matcher(line);
        if (map.matches()) {
            var value = map.group(4) == null ? "" : "[0]" + map.group(4);
            return "%s = map[fd:%d]%s"
                    .formatted(map.group(1), mapNames.indexOf(map.group(3)), value);
        }
        var function = FUNCTION.matcher(line);
        if (function.matches()) {
            return "%s = subprog[%+d]"
                    .formatted(function.group(1), labels.get(function.group(2)) - slot - 1);
        }
        var call = CALL.matcher(line);
        if (!call.matches()) return line;
        var helper = HELPERS.get(call.group(1));
        return helper != null
                ? "call " + helper
                : "call kfunc#%d@0".formatted(type.placeOfKfunc(call.group(1)).orElseThrow());
    }
}
