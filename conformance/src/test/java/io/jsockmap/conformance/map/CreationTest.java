package io.jsockmap.conformance.map;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.WithoutTraffic;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EngineTest
@WithoutTraffic
class CreationTest {
    @ParameterizedTest
    @CsvSource({"4, 4", "4, 8"})
    @DisplayName("M1: a SOCKMAP has keys of 4 bytes and values of 4 or 8")
    void sockmap(int keySize, int valueSize, Lab lab) {
        var map = lab.engine().create(sockmap(keySize, valueSize, 4));

        assertThat(map.keys()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource({"3, 4, 4", "8, 8, 4", "0, 8, 4", "4, 0, 4", "4, 5, 4", "4, 16, 4", "4, 8, 0"})
    @DisplayName("M1: other sizes, or no room, give EINVAL")
    void noSockmap(int keySize, int valueSize, int maxEntries, Lab lab) {
        assertFails(
                () -> lab.engine().create(sockmap(keySize, valueSize, maxEntries)), Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({"1, 4", "1, 8", "16, 8", "512, 4", "512, 8"})
    @DisplayName("M2: a SOCKHASH has keys of 1 to 512 bytes")
    void sockhash(int keySize, int valueSize, Lab lab) {
        assertThat(lab.engine().create(sockhash(keySize, valueSize, 4)).keys()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8, 4, EINVAL",
        "513, 8, 4, E2BIG",
        "4, 3, 4, EINVAL",
        "4, 8, 0, EINVAL",
        "4, 8, 134217729, EINVAL"
    })
    @DisplayName("M2, M3: no key, too large a key, another value, no room, too much room")
    void noSockhash(int keySize, int valueSize, int maxEntries, Errno errno, Lab lab) {
        assertFails(() -> lab.engine().create(sockhash(keySize, valueSize, maxEntries)), errno);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, BpfMap.RDONLY, BpfMap.WRONLY})
    @DisplayName("M5: flags that say who reads and writes are taken")
    void flags(int flags, Lab lab) {
        var map = lab.engine().create(sockmap(4, 8, 4).withFlags(flags));

        assertThat(map.definition().flags()).isEqualTo(flags);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1,
                BpfMap.RDONLY_PROG,
                BpfMap.WRONLY_PROG,
                1 << 10,
                1 << 11,
                1 << 31,
                BpfMap.RDONLY | BpfMap.WRONLY
            })
    @DisplayName("M5: NO_PREALLOC, RDONLY_PROG, MMAPABLE and such give EINVAL, and so do both")
    void noFlags(int flags, Lab lab) {
        assertFails(() -> lab.engine().create(sockmap(4, 8, 4).withFlags(flags)), Errno.EINVAL);
        assertFails(() -> lab.engine().create(sockhash(4, 8, 4).withFlags(flags)), Errno.EINVAL);
    }

    @Test
    @DisplayName("M8: both may be in a map of maps")
    void nested(Lab lab) {
        var object = lab.load("map-nested");

        assertThat(object.maps()).containsKeys("array", "hash", "by_index", "by_key");
    }

    private static MapDefinition sockmap(int keySize, int valueSize, int maxEntries) {
        return MapDefinition.of("sockets", MapType.SOCKMAP, keySize, valueSize, maxEntries);
    }

    private static MapDefinition sockhash(int keySize, int valueSize, int maxEntries) {
        return MapDefinition.of("sockets", MapType.SOCKHASH, keySize, valueSize, maxEntries);
    }
}
