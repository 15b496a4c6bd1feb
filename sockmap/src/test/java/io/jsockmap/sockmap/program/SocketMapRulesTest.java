package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramType;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Transport;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.TreeMap;

/** Which programs may change which maps by the helpers that every program has. */
class SocketMapRulesTest extends NetworkTest {
    private static final String UPDATE =
            """
            *(u64 *)(r10 - 8) = 0
            *(u64 *)(r10 - 16) = 7
            r1 = map[fd:0]
            r2 = r10
            r2 += -8
            r3 = r10
            r3 += -16
            r4 = 0
            call 2
            r0 = 1
            exit
            """;

    private static final String DELETE =
            """
            *(u64 *)(r10 - 8) = 0
            r1 = map[fd:0]
            r2 = r10
            r2 += -8
            call 3
            r0 = 1
            exit
            """;

    private final UserSockMap slots =
            new UserSockMap(MapDefinition.of("slots", MapType.SOCKMAP, 4, 8, 1));
    private final UserSockHash table =
            new UserSockHash(MapDefinition.of("table", MapType.SOCKHASH, 8, 8, 1));
    private final Connection connection = network.connected();

    private static Program program(ProgramType type, String text, BpfMap map) {
        return new Program("p", type, Assembler.assemble(text), List.of(map), new TreeMap<>());
    }

    /** Runs the program once, on a byte that is sent or received. */
    private void runs(ProgramType type, String text, BpfMap map) {
        var watched = new UserSockMap(MapDefinition.of("watched", MapType.SOCKMAP, 4, 8, 1));
        boolean sends = type.equals(SocketPrograms.SK_MSG);
        watched.attach(
                program(type, text, map),
                sends ? AttachType.SK_MSG_VERDICT : AttachType.SK_SKB_STREAM_VERDICT);
        watched.update(0, connection.socket(), UpdateFlag.ANY);
        if (sends) connection.sends("x");
        else connection.peer().sends("x");
        watched.delete(0);
    }

    private void refuses(ProgramType type, String text, BpfMap map, String words) {
        int before = network.faults().size();
        runs(type, text, map);
        assertThat(network.faults()).hasSize(before + 1);
        assertThat(network.faults().getLast()).hasMessageContaining(words);
    }

    @Test
    @DisplayName(
            "M32, M33, H2, C55: sk_msg and sk_skb neither update nor delete in maps of sockets")
    void messages() {
        slots.update(0, connection.socket(), UpdateFlag.ANY);
        table.update(new byte[8], connection.socket(), UpdateFlag.ANY);

        for (var type : List.of(SocketPrograms.SK_MSG, SocketPrograms.SK_SKB)) {
            refuses(type, UPDATE, slots, "cannot update sockmap in this context");
            refuses(type, UPDATE, table, "cannot update sockmap in this context");
            refuses(type, DELETE, slots, "cannot pass map_type 15 into func bpf_map_delete_elem#3");
            refuses(type, DELETE, table, "cannot pass map_type 18 into func bpf_map_delete_elem#3");
        }

        assertThat(slots.size() + table.size()).isEqualTo(2);
    }

    @Test
    @DisplayName("M33, H2, C55: sock_ops deletes, but updates by its own helpers only")
    void connections() {
        slots.update(0, connection.socket(), UpdateFlag.ANY);
        try (var _ = network.engine().attach(program(SocketPrograms.SOCK_OPS, DELETE, slots))) {
            network.connected();
        }
        assertThat(network.faults()).isEmpty();
        assertThat(slots.size()).isZero();

        network.engine().attach(program(SocketPrograms.SOCK_OPS, UPDATE, slots));
        network.connected();
        assertThat(network.faults().getFirst())
                .hasMessageContaining("cannot update sockmap in this context");
    }

    /** Push, pop, peek, for_each and lookup_percpu. */
    @ParameterizedTest
    @DisplayName("M35: helpers for other kinds of maps end the run, in every type of program")
    @ValueSource(ints = {87, 88, 89, 164, 195})
    void foreignHelpers(int helper) {
        slots.update(0, connection.socket(), UpdateFlag.ANY);
        table.update(new byte[8], connection.socket(), UpdateFlag.ANY);
        var call =
                UPDATE.replace("r3 = r10\nr3 += -16", "r3 = 0").replace("call 2", "call " + helper);

        for (UserSocketMap map : List.of(slots, table)) {
            var words = "cannot pass map_type %d".formatted(map.definition().type());
            refuses(SocketPrograms.SK_MSG, call, map, words);
            refuses(SocketPrograms.SK_SKB, call, map, words);
            int before = network.faults().size();
            try (var _ = network.engine().attach(program(SocketPrograms.SOCK_OPS, call, map))) {
                network.engine().connecting(connection.addresses(), Transport.NONE);
            }
            // A fault for each callback.
            assertThat(network.faults().subList(before, network.faults().size()))
                    .isNotEmpty()
                    .allSatisfy(
                            fault ->
                                    assertThat(fault)
                                            .hasMessageContaining(words)
                                            .hasMessageContaining("#" + helper));
        }

        assertThat(slots.socket(0)).contains(connection.socket());
        assertThat(table.socket(new byte[8])).contains(connection.socket());
        assertThat(slots.size() + table.size()).isEqualTo(2);
    }

    @Test
    @DisplayName("other maps take updates and deletes of all")
    void otherMaps() {
        var array = new ArrayMap(MapDefinition.of("array", MapType.ARRAY, 4, 8, 1));
        var hash = new HashMap(MapDefinition.of("hash", MapType.HASH, 8, 8, 1));
        hash.update(new byte[8], new byte[8], UpdateFlag.ANY);

        runs(SocketPrograms.SK_MSG, UPDATE, array);
        runs(SocketPrograms.SK_SKB, DELETE, hash);

        assertThat(array.lookup(new byte[4])).contains(Bytes.u64(7));
        assertThat(hash.keys()).isEmpty();
        assertThat(network.faults()).isEmpty();
    }
}
