package io.jsockmap.sockmap.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockHash;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.TreeMap;

/** Programs that hear of connections, and put them into maps. */
class SockOpsTest extends NetworkTest {
    private final UserSockMap slots =
            new UserSockMap(MapDefinition.of("slots", MapType.SOCKMAP, 4, 8, 1));
    private final UserSockHash table =
            new UserSockHash(MapDefinition.of("table", MapType.SOCKHASH, 4, 8, 1));

    /** What the helper answered, by op. */
    private final ArrayMap answers =
            new ArrayMap(MapDefinition.of("answers", MapType.ARRAY, 4, 4, 16));

    /** Asks for callbacks, updates the map at key 0, and stores the helper's answer by op. */
    private AutoCloseable attach(UserSocketMap map, int flag, int helper, int callbacks) {
        var text =
                """
                r6 = r1
                r2 = %d
                call 59
                r1 = r6
                *(u32 *)(r10 - 4) = 0
                r2 = map[fd:0]
                r3 = r10
                r3 += -4
                r4 = %d
                call %d
                *(u32 *)(r10 - 12) = r0
                r1 = *(u32 *)(r6 + 0)
                *(u32 *)(r10 - 8) = r1
                r1 = map[fd:1]
                r2 = r10
                r2 += -8
                r3 = r10
                r3 += -12
                r4 = 0
                call 2
                r0 = 1
                exit
                """
                        .formatted(callbacks, flag, helper);
        var code = Assembler.assemble(text);
        List<BpfMap> maps = List.of(map, answers);
        var program = new Program("update", SocketPrograms.SOCK_OPS, code, maps, new TreeMap<>());
        return network.engine().attach(program);
    }

    private int answer(int op) {
        return (int) Bytes.number(answers.lookup(Bytes.u32(op)).orElseThrow());
    }

    @Test
    @DisplayName("M30: sock_map_update inserts the context's socket")
    void mapUpdate() {
        attach(slots, 0, 53, 0);
        var connection = network.connected();

        assertThat(answer(SockOps.ACTIVE_ESTABLISHED)).isZero();
        assertThat(slots.socket(0)).contains(connection.socket());
    }

    @Test
    @DisplayName("M30: sock_hash_update inserts the context's socket")
    void hashUpdate() {
        attach(table, 1, 70, 0);
        var connection = network.accepted();

        assertThat(answer(SockOps.PASSIVE_ESTABLISHED)).isZero();
        assertThat(table.socket(Bytes.u32(0))).contains(connection.socket());
    }

    @Test
    @DisplayName("M30: TCP_LISTEN_CB inserts the listening socket")
    void listening() {
        attach(slots, 0, 53, 0);
        var ends = Network.addresses("10.0.0.1", 80, "10.0.0.1", 1);

        var socket = network.engine().listening(new Addresses(SocketKind.TCP, ends.local(), null));

        assertThat(answer(SockOps.LISTEN)).isZero();
        assertThat(slots.socket(0)).contains(socket);
    }

    @Test
    @DisplayName("M30: TCP_CONNECT_CB, the questions and the request are EOPNOTSUPP")
    void tooEarly() {
        attach(slots, 0, 53, 0);
        network.accepted();
        network.connected();

        for (int op : new int[] {1, 2, 6, SockOps.CONNECT}) {
            assertThat(answer(op)).as("op %d", op).isEqualTo(-Errno.EOPNOTSUPP.number());
        }
    }

    @Test
    @DisplayName("M31: the state is not looked at: PASSIVE_ESTABLISHED_CB comes in SYN_RECV")
    void stateIsNotLookedAt() {
        attach(slots, 0, 53, 0);
        var connection = network.accepted();

        assertThat(answer(SockOps.PASSIVE_ESTABLISHED)).isZero();
        assertThat(slots.socket(0)).contains(connection.socket());
    }

    @Test
    @DisplayName("M35: each update helper takes its kind of map only")
    void wrongKindOfMap() {
        attach(slots, 0, 70, 0);
        attach(table, 0, 53, 0);

        network.accepted();

        assertThat(network.faults()).isNotEmpty();
        assertThat(network.faults().getFirst()).hasMessageContaining("is not a sockhash");
        assertThat(network.faults().getLast()).hasMessageContaining("is not a sockmap");
        assertThat(slots.size() + table.size()).isZero();
    }

    @Test
    @DisplayName("O8, F15: what comes before the application has its socket is judged as it comes")
    void bytesBeforeAccept() {
        var programs = network.load("map-programs");
        slots.attach(programs.program("drop_received"), AttachType.SK_SKB_VERDICT);
        attach(slots, 0, 53, 0);
        var connection = network.accepted();

        connection.peer().sends("early");

        assertThat(connection.account().receive().dropped()).as("nobody has read").isEqualTo(5);
        assertThat(connection.reads()).isEmpty();
    }

    @Test
    @DisplayName("M29: a program still writes a map that applications can only read")
    void readOnlyForApplications() {
        var definition = MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 1).withFlags(BpfMap.RDONLY);
        var map = new UserSockMap(definition);
        attach(map, 0, 53, 0);

        network.connected();

        assertThat(map.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("O9: a failed update leaves the connection alone, and its reason is told in words")
    void failedUpdate() {
        attach(table, 1, 70, 0);
        network.accepted();
        var second = network.accepted();

        assertThat(answer(SockOps.PASSIVE_ESTABLISHED)).isEqualTo(-Errno.EEXIST.number());
        assertThat(network.refusals())
                .singleElement()
                .asString()
                .contains("map table (sockhash): key 00000000 is there already");
        second.peer().sends("still here");
        assertThat(second.reads()).isEqualTo("still here");
    }

    @Test
    @DisplayName("M30: any other op is EOPNOTSUPP")
    void wrongOp() {
        attach(slots, 0, 53, SockOps.STATE_FLAG);
        var connection = network.connected();
        slots.delete(0);

        connection.peer().closes();

        assertThat(answer(SockOps.STATE_CHANGED)).isEqualTo(-Errno.EOPNOTSUPP.number());
        assertThat(slots.size()).isZero();
    }

    @Test
    @DisplayName("M31, O9: a failed update has no effect but its errno")
    void failures() throws Exception {
        var first = network.connected();
        slots.update(0, first.socket(), UpdateFlag.ANY);
        fails(slots, 1, 53, Errno.EEXIST);
        fails(table, 2, 70, Errno.ENOENT);
        fails(slots, 3, 53, Errno.EINVAL);
        table.update(Bytes.u32(7), first.socket(), UpdateFlag.ANY);
        fails(table, 0, 70, Errno.E2BIG);

        assertThat(slots.socket(0)).contains(first.socket());
        assertThat(table.size()).isEqualTo(1);
    }

    private void fails(UserSocketMap map, int flag, int helper, Errno errno) throws Exception {
        try (var _ = attach(map, flag, helper, 0)) {
            var connection = network.accepted();
            assertThat(answer(SockOps.PASSIVE_ESTABLISHED)).isEqualTo(-errno.number());
            assertThat(connection.socket().isMapped()).isFalse();
            connection.sends("lives").succeeds();
        }
    }

    @Test
    @DisplayName("M31: conflicts of programs are EBUSY")
    void conflict() {
        var object = network.load("msg-verdict");
        slots.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        table.attach(object.program("judge"), AttachType.SK_MSG_VERDICT);
        attach(slots, 0, 53, 0);
        attach(table, 0, 70, 0);

        var connection = network.connected();

        assertThat(answer(SockOps.ACTIVE_ESTABLISHED)).isEqualTo(-Errno.EBUSY.number());
        assertThat(slots.socket(0)).contains(connection.socket());
    }

    @Test
    @DisplayName("O4: cb_flags_set keeps the flags there are, and gives back the others")
    void callbackFlags() {
        attach(slots, 0, 53, 0xfff);

        assertThat(network.connected().socket().callbackFlags()).isEqualTo(127);
    }

    @Test
    @DisplayName("O3: without its flag no state callback comes")
    void noStateCallback() {
        attach(slots, 0, 53, 0);
        network.connected().peer().closes();

        assertThat(answer(SockOps.STATE_CHANGED)).isZero();
    }

    @Test
    @DisplayName("a program that is taken away hears nothing more; one behind another hears all")
    void attachment() throws Exception {
        var attached = attach(slots, 0, 53, 0);
        attach(table, 0, 70, 0);
        attached.close();

        network.connected();

        assertThat(slots.size()).isZero();
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    @DisplayName("O9: a program that faults harms no connection")
    void fault() {
        var code = Assembler.assemble("r0 = *(u32 *)(r1 + 500)\nexit");
        network.engine().attach(Program.of("bad", SocketPrograms.SOCK_OPS, code));
        attach(slots, 0, 53, 0);

        var connection = network.connected();

        assertThat(network.faults()).as("one for each callback").hasSize(5);
        assertThat(slots.socket(0)).contains(connection.socket());
    }
}
