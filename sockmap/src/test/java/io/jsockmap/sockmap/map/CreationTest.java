package io.jsockmap.sockmap.map;

import static io.jsockmap.sockmap.map.Errnos.assertErrno;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What maps of sockets can be made, and what the others are refused with. */
class CreationTest {
    private static UserSockMap sockMap(int key, int value, long entries) {
        return new UserSockMap(MapDefinition.of("m", MapType.SOCKMAP, key, value, entries));
    }

    private static UserSockHash sockHash(int key, int value, long entries) {
        return new UserSockHash(MapDefinition.of("h", MapType.SOCKHASH, key, value, entries));
    }

    @ParameterizedTest
    @DisplayName("M1: any other SOCKMAP is EINVAL")
    @CsvSource({"0, 4, 1", "2, 4, 1", "8, 4, 1", "4, 0, 1", "4, 1, 1", "4, 16, 1", "4, 4, 0"})
    void sockMapIsRefused(int key, int value, long entries) {
        assertErrno(Errno.EINVAL, () -> sockMap(key, value, entries)).hasMessageContaining("map m");
    }

    @ParameterizedTest
    @DisplayName("M2: SOCKHASH takes keys of 1 to 512 bytes")
    @CsvSource({"1, 4, 1", "512, 8, 1", "20, 8, 134217728"})
    void sockHashIsMade(int key, int value, long entries) {
        assertThat(sockHash(key, value, entries).keySize()).isEqualTo(key);
    }

    @ParameterizedTest
    @DisplayName("M2, M3: any other SOCKHASH is refused, by the errno of what is wrong")
    @CsvSource({
        "0, 4, 1, EINVAL",
        "4, 5, 1, EINVAL",
        "4, 4, 0, EINVAL",
        "513, 4, 1, E2BIG",
        "4, 4, 134217729, EINVAL"
    })
    void sockHashIsRefused(int key, int value, long entries, Errno errno) {
        assertErrno(errno, () -> sockHash(key, value, entries)).hasMessageContaining("map h");
    }

    @ParameterizedTest
    @DisplayName("M4: a SOCKMAP that memory has no room for is ENOMEM")
    @ValueSource(longs = {2_000_000_000L, Integer.MAX_VALUE, 1L << 31, 0xffff_ffffL})
    void sockMapTooLargeForMemory(long entries) {
        assertErrno(Errno.ENOMEM, () -> sockMap(4, 4, entries)).hasMessageContaining("map m");
    }

    @ParameterizedTest
    @DisplayName("M5: flags NUMA_NODE, RDONLY and WRONLY are accepted")
    @ValueSource(ints = {0, 1 << 2, 1 << 3, 1 << 4, 1 << 2 | 1 << 3})
    void acceptedFlags(int flags) {
        var definition = MapDefinition.of("m", MapType.SOCKMAP, 4, 4, 1).withFlags(flags);

        assertThat(new UserSockMap(definition).definition().flags()).isEqualTo(flags);
    }

    @Test
    @DisplayName("M7: types of key and value are left out at creation, as libbpf does")
    void types() {
        var bare = MapDefinition.of("m", MapType.SOCKMAP, 4, 8, 1);
        var typed = new MapDefinition(bare.name(), bare.type(), 4, 8, 1, bare.flags(), false, 3, 5);

        assertThat(new UserSockMap(typed).lookup(new byte[4])).isEmpty();
    }
}
