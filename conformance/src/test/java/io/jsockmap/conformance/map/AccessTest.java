package io.jsockmap.conformance.map;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.WithoutTraffic;
import io.jsockmap.sockmap.map.SocketMap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Maps that applications may not write, or not read. */
@EngineTest
class AccessTest {
    private static final byte[] KEY = IndexKey.of(0);

    private static SocketMap map(MapType type, int flags, Lab lab) {
        var definition = MapDefinition.of("m", type, 4, 8, 2).withFlags(flags);
        return (SocketMap) lab.engine().create(definition);
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            mode = Mode.INCLUDE,
            names = {"SOCKMAP", "SOCKHASH"})
    @DisplayName("M29: BPF_F_RDONLY refuses deletes, and takes lookups")
    @WithoutTraffic
    void readOnly(MapType type, Lab lab) {
        var map = map(type, BpfMap.RDONLY, lab);

        assertFails(() -> map.delete(KEY), Errno.EPERM);
        assertThat(map.lookup(KEY)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            mode = Mode.INCLUDE,
            names = {"SOCKMAP", "SOCKHASH"})
    @DisplayName("M29: BPF_F_RDONLY refuses updates")
    void noUpdate(MapType type, Lab lab) throws Exception {
        var map = map(type, BpfMap.RDONLY, lab);
        var socket = lab.tcp().socket();

        assertFails(() -> map.update(KEY, socket, UpdateFlag.ANY), Errno.EPERM);
        assertThat(map.lookup(KEY)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            mode = Mode.INCLUDE,
            names = {"SOCKMAP", "SOCKHASH"})
    @DisplayName("M29: BPF_F_WRONLY refuses lookups and iteration")
    @WithoutTraffic
    void writeOnly(MapType type, Lab lab) {
        var map = map(type, BpfMap.WRONLY, lab);

        assertFails(() -> map.lookup(KEY), Errno.EPERM);
        assertFails(() -> map.nextKey(KEY), Errno.EPERM);
        assertFails(map::firstKey, Errno.EPERM);
    }

    @Test
    @DisplayName("M29: BPF_F_WRONLY takes updates and deletes")
    void writes(Lab lab) throws Exception {
        var map = map(MapType.SOCKMAP, BpfMap.WRONLY, lab);

        map.update(KEY, lab.tcp().socket(), UpdateFlag.NOEXIST);
        map.delete(KEY);

        assertFails(() -> map.delete(KEY), Errno.EINVAL);
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            mode = Mode.INCLUDE,
            names = {"SOCKMAP", "SOCKHASH"})
    @DisplayName("M29: a frozen map refuses deletes, and takes lookups")
    @WithoutTraffic
    void frozen(MapType type, Lab lab) {
        var map = map(type, 0, lab);

        map.freeze();

        assertFails(() -> map.delete(KEY), Errno.EPERM);
        assertThat(map.lookup(KEY)).isEmpty();
    }

    @Test
    @DisplayName("M29: a frozen map keeps its sockets, and refuses others")
    void frozenWithSockets(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var socket = lab.tcp().socket();
        map.update(0, socket, UpdateFlag.ANY);

        map.freeze();

        assertFails(() -> map.update(1, socket, UpdateFlag.ANY), Errno.EPERM);
        assertFails(() -> map.delete(0), Errno.EPERM);
        assertThat(Cookies.at(map, 0)).hasValue(socket.cookie());
    }

    @Test
    @DisplayName("M29: a socket that is closed leaves a frozen map")
    void closedInAFrozenMap(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var connection = lab.tcp();
        map.update(0, connection.socket(), UpdateFlag.ANY);
        map.freeze();

        connection.near().close();

        assertThat(Cookies.at(map, 0)).isEmpty();
    }

    @Test
    @DisplayName("M29: a second freeze gives EPERM")
    @WithoutTraffic
    void frozenTwice(Lab lab) {
        var map = lab.sockMap(1);
        map.freeze();

        assertFails(map::freeze, Errno.EPERM);
    }

    @Test
    @DisplayName("M29: a map that is BPF_F_RDONLY can't be frozen")
    @WithoutTraffic
    void readOnlyIsNotFrozen(Lab lab) {
        assertFails(() -> map(MapType.SOCKMAP, BpfMap.RDONLY, lab).freeze(), Errno.EPERM);
    }
}
