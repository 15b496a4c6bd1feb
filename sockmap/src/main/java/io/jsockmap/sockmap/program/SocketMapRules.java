package io.jsockmap.sockmap.program;

import io.jsockmap.bpf.helper.BaseHelpers;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.HelperNumbers;
import io.jsockmap.sockmap.map.UserSocketMap;

/**
 * Helpers of every type of program that Linux does not load where the map is one of sockets. Here
 * the call ends the run, in the words of Linux.
 */
final class SocketMapRules {
    private SocketMapRules() {}

    /** A row of a helper table: bpf_map_update_elem, but not for maps of sockets. */
    static Helper update() {
        return guarded(HelperNumbers.MAP_UPDATE, "cannot update sockmap in this context");
    }

    /** A row of a helper table: bpf_map_delete_elem, but not for maps of sockets. */
    static Helper delete() {
        return guarded(
                HelperNumbers.MAP_DELETE,
                "cannot pass map_type %d into func bpf_map_delete_elem#3");
    }

    private static Helper guarded(int number, String refusal) {
        var row =
                BaseHelpers.ALL.stream()
                        .filter(helper -> helper.number() == number)
                        .findFirst()
                        .orElseThrow();
        return row.doing(
                (run, a) -> {
                    refuse(run.map(a[0]), refusal);
                    return row.function().call(run, a);
                });
    }

    private static void refuse(BpfMap map, String refusal) {
        if (!(map instanceof UserSocketMap)) return;
        throw new MemoryFault("map " + map, 0, 0, refusal.formatted(map.definition().type()));
    }
}
