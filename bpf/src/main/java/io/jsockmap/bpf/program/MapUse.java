package io.jsockmap.bpf.program;

import static io.jsockmap.bpf.map.MapType.ARRAY;
import static io.jsockmap.bpf.map.MapType.ARRAY_OF_MAPS;
import static io.jsockmap.bpf.map.MapType.BLOOM_FILTER;
import static io.jsockmap.bpf.map.MapType.CGROUP_ARRAY;
import static io.jsockmap.bpf.map.MapType.CGROUP_STORAGE;
import static io.jsockmap.bpf.map.MapType.CGRP_STORAGE;
import static io.jsockmap.bpf.map.MapType.CPUMAP;
import static io.jsockmap.bpf.map.MapType.DEVMAP;
import static io.jsockmap.bpf.map.MapType.DEVMAP_HASH;
import static io.jsockmap.bpf.map.MapType.HASH;
import static io.jsockmap.bpf.map.MapType.HASH_OF_MAPS;
import static io.jsockmap.bpf.map.MapType.INODE_STORAGE;
import static io.jsockmap.bpf.map.MapType.LRU_HASH;
import static io.jsockmap.bpf.map.MapType.LRU_PERCPU_HASH;
import static io.jsockmap.bpf.map.MapType.PERCPU_ARRAY;
import static io.jsockmap.bpf.map.MapType.PERCPU_CGROUP_STORAGE;
import static io.jsockmap.bpf.map.MapType.PERCPU_HASH;
import static io.jsockmap.bpf.map.MapType.PERF_EVENT_ARRAY;
import static io.jsockmap.bpf.map.MapType.PROG_ARRAY;
import static io.jsockmap.bpf.map.MapType.QUEUE;
import static io.jsockmap.bpf.map.MapType.REUSEPORT_SOCKARRAY;
import static io.jsockmap.bpf.map.MapType.RINGBUF;
import static io.jsockmap.bpf.map.MapType.SK_STORAGE;
import static io.jsockmap.bpf.map.MapType.SOCKHASH;
import static io.jsockmap.bpf.map.MapType.SOCKMAP;
import static io.jsockmap.bpf.map.MapType.STACK;
import static io.jsockmap.bpf.map.MapType.STACK_TRACE;
import static io.jsockmap.bpf.map.MapType.TASK_STORAGE;
import static io.jsockmap.bpf.map.MapType.USER_RINGBUF;
import static io.jsockmap.bpf.map.MapType.XSKMAP;
import static io.jsockmap.bpf.program.HelperNumbers.FOR_EACH_ELEMENT;
import static io.jsockmap.bpf.program.HelperNumbers.KPTR_EXCHANGE;
import static io.jsockmap.bpf.program.HelperNumbers.MAP_DELETE;
import static io.jsockmap.bpf.program.HelperNumbers.MAP_LOOKUP;
import static io.jsockmap.bpf.program.HelperNumbers.MAP_LOOKUP_PERCPU;
import static io.jsockmap.bpf.program.HelperNumbers.MAP_PEEK;
import static io.jsockmap.bpf.program.HelperNumbers.MAP_POP;
import static io.jsockmap.bpf.program.HelperNumbers.MAP_PUSH;
import static io.jsockmap.bpf.program.HelperNumbers.MAP_UPDATE;
import static io.jsockmap.bpf.program.HelperNumbers.TAIL_CALL;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.program.Helper.Argument;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What programs may do with a map of a kind, as the verifier of Linux has it.
 *
 * {@snippet class="io.jsockmap.bpf.examples.ProgramExamples" region="mapuse"}
 */
public final class MapUse {
    /** The helpers that change a map and are refused for one that programs may only read. */
    private static final Set<Integer> WRITERS = Set.of(MAP_UPDATE, MAP_DELETE, MAP_PUSH, MAP_POP);

    /**
     * socket_filter, sched_cls, sched_act, xdp, sk_reuseport, flow_dissector, sk_lookup: the types
     * that run where no lock of a socket is held.
     */
    private static final Set<Integer> UPDATE_SOCKETS = Set.of(1, 3, 4, 6, 21, 22, 30);

    private static final int SOCK_OPS = 13;

    /** For kinds that are not here all helpers will do which are not for other kinds. */
    private static final Map<MapType, Set<Integer>> HELPERS = helpers();

    /**
     * Helpers of those rows that other kinds have too, or that are refused in words of their own.
     */
    private static final Set<Integer> NOT_FOR_KINDS =
            Set.of(MAP_LOOKUP, MAP_UPDATE, MAP_DELETE, TAIL_CALL, KPTR_EXCHANGE);

    /** The kinds that a helper is for, if not for all. */
    private static final Map<Integer, Set<MapType>> KINDS = kinds();

    private MapUse() {}

    /**
     * Why the verifier does not load such a program.
     *
     * @param errno what loading it gives
     * @param lines what the log says, a line each
     */
    public record Refusal(Errno errno, List<String> lines) {
        private static Optional<Refusal> of(Errno errno, String... lines) {
            return Optional.of(new Refusal(errno, List.of(lines)));
        }
    }

    /** What a successful bpf_map_lookup_elem points to. */
    public enum Element {
        VALUE,
        /** A map like the inner one of the definition. */
        INNER_MAP,
        /** A {@code struct bpf_sock}, which must be released; before the test for null too. */
        SOCKET,
        /** A {@code struct bpf_xdp_sock}. */
        XDP_SOCKET
    }

    private static Map<MapType, Set<Integer>> helpers() {
        Map<MapType, Set<Integer>> rows = new EnumMap<>(MapType.class);
        rows.put(PROG_ARRAY, Set.of(TAIL_CALL));
        rows.put(PERF_EVENT_ARRAY, Set.of(22, 25, 55, 111, 121));
        rows.put(STACK_TRACE, Set.of(27));
        rows.put(CGROUP_ARRAY, Set.of(33, 37));
        rows.put(CGROUP_STORAGE, Set.of(81));
        rows.put(PERCPU_CGROUP_STORAGE, Set.of(81));
        rows.put(DEVMAP, Set.of(MAP_LOOKUP, 51));
        rows.put(DEVMAP_HASH, Set.of(MAP_LOOKUP, 51));
        rows.put(CPUMAP, Set.of(51));
        rows.put(XSKMAP, Set.of(MAP_LOOKUP, 51));
        rows.put(ARRAY_OF_MAPS, Set.of(MAP_LOOKUP));
        rows.put(HASH_OF_MAPS, Set.of(MAP_LOOKUP));
        rows.put(SOCKMAP, Set.of(MAP_LOOKUP, MAP_UPDATE, MAP_DELETE, 52, 53, 60, 82));
        rows.put(SOCKHASH, Set.of(MAP_LOOKUP, MAP_UPDATE, MAP_DELETE, 70, 71, 72, 82));
        rows.put(REUSEPORT_SOCKARRAY, Set.of(82));
        rows.put(QUEUE, Set.of(MAP_PUSH, MAP_POP, MAP_PEEK));
        rows.put(STACK, Set.of(MAP_PUSH, MAP_POP, MAP_PEEK));
        rows.put(BLOOM_FILTER, Set.of(MAP_PUSH, MAP_PEEK));
        rows.put(SK_STORAGE, Set.of(107, 108, KPTR_EXCHANGE));
        rows.put(INODE_STORAGE, Set.of(145, 146, KPTR_EXCHANGE));
        rows.put(TASK_STORAGE, Set.of(156, 157, KPTR_EXCHANGE));
        rows.put(CGRP_STORAGE, Set.of(KPTR_EXCHANGE, 210, 211));
        rows.put(RINGBUF, Set.of(130, 131, 134, 198));
        rows.put(USER_RINGBUF, Set.of(209));
        return rows;
    }

    private static Map<Integer, Set<MapType>> kinds() {
        Map<Integer, Set<MapType>> rows = new TreeMap<>();
        HELPERS.forEach(
                (kind, helpers) -> {
                    for (int helper : helpers) {
                        if (NOT_FOR_KINDS.contains(helper)) continue;
                        rows.computeIfAbsent(helper, _ -> EnumSet.noneOf(MapType.class)).add(kind);
                    }
                });
        // Such maps go with most other helpers too, so they have no row.
        rows.put(MAP_LOOKUP_PERCPU, Set.of(PERCPU_ARRAY, PERCPU_HASH, LRU_PERCPU_HASH));
        return rows;
    }

    /**
     * Why a type of program may not call a helper with a kind of map; empty if it may. The verifier
     * looks at this after the arguments.
     *
     * @param program the number of the program's type
     */
    public static Optional<Refusal> refusal(int program, MapType kind, int helper) {
        if (helper == TAIL_CALL && kind != PROG_ARRAY) {
            return Refusal.of(Errno.EINVAL, "expected prog array map for tail call");
        }
        if (helper == FOR_EACH_ELEMENT && !iterates(kind)) {
            return Refusal.of(Errno.ENOTSUPP, "callback function not allowed for map");
        }
        boolean taken = !HELPERS.containsKey(kind) || HELPERS.get(kind).contains(helper);
        boolean fits = !KINDS.containsKey(helper) || KINDS.get(helper).contains(kind);
        if (!taken || !fits) return Refusal.of(Errno.EINVAL, cannotPass(kind, helper));
        if (!kind.holdsSockets() || maySetSockets(program, helper)) return Optional.empty();
        return Refusal.of(
                Errno.EINVAL, "cannot update sockmap in this context", cannotPass(kind, helper));
    }

    private static boolean iterates(MapType kind) {
        return kind.isPerCpu() || kind == HASH || kind == ARRAY || kind == LRU_HASH;
    }

    private static boolean maySetSockets(int program, int helper) {
        return switch (helper) {
            case MAP_UPDATE -> UPDATE_SOCKETS.contains(program);
            case MAP_DELETE -> UPDATE_SOCKETS.contains(program) || program == SOCK_OPS;
            default -> true;
        };
    }

    /** The verifier's words for a helper that is not for that kind of map. */
    public static String cannotPass(MapType kind, int helper) {
        return "cannot pass map_type %d into func %s#%d"
                .formatted(kind.number(), HelperNames.of(helper), helper);
    }

    /**
     * What a helper asks of an argument when its map is of that kind. Maps of sockets take sockets
     * for values, and a bloom filter is asked for a value where others fill one.
     *
     * @return empty if the helper can't have such a map: "invalid arg_type for sockmap/sockhash"
     */
    public static Optional<Argument> argument(MapType kind, int helper, Argument asked) {
        if (kind.holdsSockets()) {
            return switch (asked) {
                case VALUE -> Optional.of(Argument.SOCKET);
                case VALUE_OR_NULL, VALUE_TO_FILL -> Optional.empty();
                default -> Optional.of(asked);
            };
        }
        boolean question = kind == BLOOM_FILTER && helper == MAP_PEEK;
        boolean value = asked == Argument.VALUE_TO_FILL;
        return Optional.of(question && value ? Argument.VALUE : asked);
    }

    /**
     * Why a helper may not be called with a map that programs may only read; empty if it may. The
     * verifier looks at this before it looks at the kind.
     */
    public static Optional<Refusal> refusal(MapDefinition map, int helper) {
        boolean refused = WRITERS.contains(helper) && !mayWrite(map);
        return refused ? Refusal.of(Errno.EACCES, "write into map forbidden") : Optional.empty();
    }

    /**
     * Whether programs, and helpers on their behalf, may read values by pointers; else "read from
     * map forbidden, value_size=%d off=%d size=%d".
     */
    public static boolean mayRead(MapDefinition map) {
        return (map.flags() & BpfMap.WRONLY_PROG) == 0;
    }

    /** The same of writing: "write into map forbidden, value_size=%d off=%d size=%d". */
    public static boolean mayWrite(MapDefinition map) {
        return (map.flags() & BpfMap.RDONLY_PROG) == 0;
    }

    /** What bpf_map_lookup_elem points to, where that kind of map has it. */
    public static Element element(MapType kind) {
        return switch (kind) {
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> Element.INNER_MAP;
            case SOCKMAP, SOCKHASH -> Element.SOCKET;
            case XSKMAP -> Element.XDP_SOCKET;
            default -> Element.VALUE;
        };
    }

    /** Why an instruction may not have the address of that byte of a value; empty if it may. */
    public static Optional<Refusal> directValue(MapDefinition map, long offset) {
        if (!map.is(ARRAY)) {
            return Refusal.of(Errno.EINVAL, "no direct value access support for this map type");
        }
        if (map.maxEntries() == 1 && offset >= 0 && offset < map.valueSize()) {
            return Optional.empty();
        }
        return Refusal.of(
                map.maxEntries() == 1 ? Errno.EINVAL : Errno.ENOTSUPP,
                "invalid access to map value pointer, value_size=%d off=%d"
                        .formatted(map.valueSize(), offset));
    }
}
