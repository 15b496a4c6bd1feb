package io.jsockmap.corpus;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.helper.Kfuncs;
import io.jsockmap.bpf.helper.MapHelpers;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Debug;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.bpf.program.Subprogram;
import io.jsockmap.kernel.load.TypeWriter;
import io.jsockmap.kernel.load.TypeWriter.Named;
import io.jsockmap.sockmap.program.SocketPrograms;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The types of programs that cases are of, and the types (BTF) of their functions. */
final class CorpusTypes {
    private static final Pattern FUNCTION =
            Pattern.compile("(static|global)(?:\\s+(void|int|long))?(?:\\s*\\((.*)\\))?");
    private static final Pattern PARAMETER =
            Pattern.compile("(int|uint|long|ctx|dynptr|memory (\\d+))((?: nonnull| nullable)*)");

    /** A type without packet access, which may use the legacy loads. */
    private static final ProgramType SOCKET_FILTER =
            new ProgramType(
                    "socket_filter",
                    1,
                    socketFilterContext(),
                    Helper.table(BaseHelpers.ALL, MapHelpers.ALL),
                    Kfuncs.COMMON);

    private static final Map<String, ProgramType> TYPES =
            Map.of(
                    "sk_msg", SocketPrograms.SK_MSG,
                    "sk_skb", SocketPrograms.SK_SKB,
                    "sock_ops", SocketPrograms.SOCK_OPS,
                    "socket_filter", SOCKET_FILTER);

    private CorpusTypes() {}

    static ProgramType type(String name) {
        var type = TYPES.get(name);
        if (type == null) throw new IllegalArgumentException("type: one of " + TYPES.keySet());
        return type;
    }

    private static ContextLayout<?> socketFilterContext() {
        var names =
                List.of(
                        "len",
                        "pkt_type",
                        "mark",
                        "queue_mapping",
                        "protocol",
                        "vlan_present",
                        "vlan_tci",
                        "vlan_proto",
                        "priority",
                        "ingress_ifindex",
                        "ifindex",
                        "tc_index");
        var layout = ContextLayout.<Object>of("struct __sk_buff", 192);
        for (int i = 0; i < names.size(); i++) layout.narrow(4 * i, 4, names.get(i), _ -> 0);
        for (int i = 0; i < 5; i++) {
            layout.field(
                    48 + 4 * i, 4, "cb[%d]".formatted(i), Loads.NARROW, (_, _) -> 0, (_, _) -> {});
        }
        return layout.narrow(68, 4, "hash", _ -> 0).hidden(72, 120, "the rest").build();
    }

    /**
     * What an object file would tell of the functions.
     *
     * @param prototypes what the case says of functions by their labels; the others are static
     */
    static Debug debug(
            ProgramType type, CorpusText text, Map<String, String> prototypes, String license) {
        var unknown = new HashSet<>(prototypes.keySet());
        unknown.removeAll(text.functions().values());
        if (!unknown.isEmpty()) throw new IllegalArgumentException("nobody calls " + unknown);
        var writer = new Writer(type);
        List<Subprogram> functions = new ArrayList<>();
        functions.add(writer.function(0, "entry", "global int (ctx)"));
        text.functions()
                .forEach(
                        (start, label) -> {
                            var prototype = prototypes.getOrDefault(label, "static int ()");
                            functions.add(writer.function(start, label, prototype));
                        });
        var types = Optional.of(writer.types.toBtf());
        return new Debug(new TreeMap<>(), functions, types, license);
    }

    private static final class Writer {
        private final TypeWriter types = new TypeWriter();
        private final int integer = types.integer("int", 4, true);
        private final int unsigned = types.integer("unsigned int", 4, false);
        private final int wide = types.integer("long", 8, true);
        private final int context;
        private final int dynptr;

        Writer(ProgramType type) {
            var name = type.context().name().replace("struct ", "");
            context = types.pointer(types.struct(name, type.context().size(), List.of()));
            dynptr = types.pointer(types.struct("bpf_dynptr", 16, List.of()));
        }

        Subprogram function(int start, String name, String text) {
            var match = FUNCTION.matcher(text);
            if (!match.matches()) throw new IllegalArgumentException("functions: " + text);
            boolean global = match.group(1).equals("global");
            var parameters =
                    match.group(3) == null || match.group(3).isBlank()
                            ? List.<String>of()
                            : List.of(match.group(3).strip().split("\\s*,\\s*"));
            List<Named> written = new ArrayList<>();
            for (var parameter : parameters) {
                written.add(Named.parameter("a" + written.size(), type(parameter)));
            }
            int prototype = types.prototype(result(match.group(2)), written);
            int linkage = global ? TypeWriter.GLOBAL : TypeWriter.STATIC;
            int number = types.function(name, prototype, linkage);
            for (int i = 0; i < parameters.size(); i++) tag(parameters.get(i), number, i);
            return new Subprogram(start, name, global, number);
        }

        private int result(String name) {
            return switch (name) {
                case "void" -> TypeWriter.VOID;
                case "long" -> wide;
                case null, default -> integer;
            };
        }

        private int type(String parameter) {
            var match = PARAMETER.matcher(parameter);
            if (!match.matches()) throw new IllegalArgumentException("parameter " + parameter);
            return switch (match.group(1)) {
                case "int" -> integer;
                case "uint" -> unsigned;
                case "long" -> wide;
                case "ctx" -> context;
                case "dynptr" -> dynptr;
                default -> {
                    int size = Integer.parseInt(match.group(2));
                    var members = List.of(new Named("first", types.integer("char", 1, true), 0));
                    yield types.pointer(types.struct("memory" + size, size, members));
                }
            };
        }

        private void tag(String parameter, int function, int index) {
            for (var note : List.of("nonnull", "nullable")) {
                if (parameter.endsWith(" " + note)) types.tag("arg:" + note, function, index);
            }
        }
    }
}
