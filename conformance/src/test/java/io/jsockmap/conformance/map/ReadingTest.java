package io.jsockmap.conformance.map;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.Batch;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.WithoutTraffic;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lookup, delete and iteration. */
@EngineTest
class ReadingTest {
    private static byte[] key(long number) {
        return IndexKey.of(number);
    }

    // --- Lookup ----------------------------------------------------------------------------------

    @Test
    @DisplayName("M36, C54: a value of 8 bytes reads as the socket's cookie")
    void cookie(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var hash = lab.sockHash(4, 2);
        var one = lab.tcp().socket();
        var two = lab.udp().socket();
        map.update(0, one, UpdateFlag.ANY);
        map.update(1, two, UpdateFlag.ANY);
        hash.update(key(9), one, UpdateFlag.ANY);

        assertThat(Cookies.at(map, 0)).hasValue(one.cookie());
        assertThat(Cookies.at(map, 1)).hasValue(two.cookie());
        assertThat(Cookies.at(hash, key(9))).hasValue(one.cookie());
        assertThat(one.cookie()).isNotEqualTo(two.cookie()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 0xffff_ffffL})
    @DisplayName("M36: an empty slot, and an index beyond the end, have no value")
    @WithoutTraffic
    void nothingAtIndex(long index, Lab lab) {
        assertThat(lab.sockMap(2).lookup(key(index))).isEmpty();
    }

    @Test
    @DisplayName("M36: a missing key has no value")
    @WithoutTraffic
    void nothingUnderKey(Lab lab) {
        assertThat(lab.sockHash(4, 2).lookup(key(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9})
    @DisplayName("M36: of values of 4 bytes a lookup gives ENOSPC, whatever the key")
    @WithoutTraffic
    void smallValues(long index, Lab lab) {
        var map = lab.engine().create(MapDefinition.of("m", MapType.SOCKMAP, 4, 4, 2));
        var hash = lab.engine().create(MapDefinition.of("h", MapType.SOCKHASH, 4, 4, 2));

        assertFails(() -> map.lookup(key(index)), Errno.ENOSPC);
        assertFails(() -> hash.lookup(key(index)), Errno.ENOSPC);
    }

    // --- Delete ----------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 0xffff_ffffL})
    @DisplayName("M39: deleting an empty slot, or beyond the end, gives EINVAL")
    @WithoutTraffic
    void deleteNothing(long index, Lab lab) {
        assertFails(() -> lab.sockMap(2).delete(index), Errno.EINVAL);
    }

    @Test
    @DisplayName("M39: deleting a missing key gives ENOENT")
    @WithoutTraffic
    void deleteMissingKey(Lab lab) {
        assertFails(() -> lab.sockHash(4, 2).delete(key(1)), Errno.ENOENT);
    }

    @Test
    @DisplayName("M39: what was deleted is not there to be deleted again")
    void deleteTwice(Lab lab) throws Exception {
        var map = lab.sockMap(2);
        var hash = lab.sockHash(4, 2);
        var socket = lab.tcp().socket();
        map.update(1, socket, UpdateFlag.ANY);
        hash.update(key(1), socket, UpdateFlag.ANY);

        map.delete(1);
        hash.delete(key(1));

        assertThat(Cookies.at(map, 1)).isEmpty();
        assertThat(Cookies.at(hash, key(1))).isEmpty();
        assertFails(() -> map.delete(1), Errno.EINVAL);
        assertFails(() -> hash.delete(key(1)), Errno.ENOENT);
    }

    // --- Iteration -------------------------------------------------------------------------------

    @Test
    @DisplayName("M40: of a SOCKMAP all indices come, empty ones too")
    @WithoutTraffic
    void indices(Lab lab) {
        var map = lab.sockMap(3);

        assertThat(map.keys()).containsExactly(key(0), key(1), key(2));
        assertThat(map.nextKey(key(2))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4, 0xffff_ffffL})
    @DisplayName("M40: behind an index beyond the end a SOCKMAP begins again")
    @WithoutTraffic
    void beginsAgain(long index, Lab lab) {
        assertThat(lab.sockMap(3).nextKey(key(index))).contains(key(0));
    }

    @Test
    @DisplayName("M41: an empty SOCKHASH has no first key, and none behind another")
    @WithoutTraffic
    void emptyHash(Lab lab) {
        var hash = lab.sockHash(4, 3);

        assertThat(hash.firstKey()).isEmpty();
        assertThat(hash.nextKey(key(1))).isEmpty();
    }

    @Test
    @DisplayName("M41: of a SOCKHASH each key comes once")
    void hashKeys(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 64);
        var socket = lab.tcp().socket();
        List<byte[]> inserted = new ArrayList<>();
        for (int i = 10; i <= 50; i += 10) inserted.add(key(i));

        for (var each : inserted) hash.update(each, socket, UpdateFlag.ANY);

        assertThat(hash.keys()).containsExactlyInAnyOrderElementsOf(inserted);
    }

    @Test
    @DisplayName("M41: behind a key that is gone a SOCKHASH begins again")
    void keyThatIsGone(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 64);
        var socket = lab.tcp().socket();
        for (int i = 0; i < 5; i++) hash.update(key(i), socket, UpdateFlag.ANY);
        var keys = hash.keys();

        hash.delete(keys.get(2));

        assertThat(hash.nextKey(keys.get(2))).contains(keys.get(0));
        assertThat(hash.nextKey(keys.get(1))).contains(keys.get(3));
        assertThat(hash.nextKey(keys.get(4))).isEmpty();
    }

    // --- Keys ------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 512})
    @DisplayName("M2: keys count with all of their bytes, whatever their size")
    void allBytesCount(int size, Lab lab) throws Exception {
        var hash = lab.sockHash(size, 4);
        var one = lab.tcp().socket();
        var other = lab.tcp().socket();
        var zeros = new byte[size];
        var last = zeros.clone();
        last[size - 1] = (byte) 0x80;

        hash.update(zeros, one, UpdateFlag.NOEXIST);
        hash.update(last, other, UpdateFlag.NOEXIST);

        assertThat(Cookies.at(hash, zeros)).hasValue(one.cookie());
        assertThat(Cookies.at(hash, last)).hasValue(other.cookie());
    }

    @Test
    @DisplayName("M2: a key is kept as it was given, whatever becomes of the caller's array")
    void keyIsKept(Lab lab) throws Exception {
        var hash = lab.sockHash(4, 4);
        var key = key(1);
        hash.update(key, lab.tcp().socket(), UpdateFlag.ANY);

        Arrays.fill(key, (byte) 7);

        assertThat(hash.keys()).containsExactly(key(1));
    }

    // --- What there is not -----------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            mode = Mode.INCLUDE,
            names = {"SOCKMAP", "SOCKHASH"})
    @DisplayName("M42: lookup-and-delete gives ENOTSUPP")
    @WithoutTraffic
    void lookupAndDelete(MapType type, Lab lab) {
        assertFails(() -> map(type, lab).lookupAndDelete(key(0)), Errno.ENOTSUPP);
    }

    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            mode = Mode.INCLUDE,
            names = {"SOCKMAP", "SOCKHASH"})
    @DisplayName("M42: batches give ENOTSUPP")
    @WithoutTraffic
    void batches(MapType type, Lab lab) {
        var batch = map(type, lab).batch();
        var element = new Batch.Element(key(0), new byte[8]);

        assertFails(() -> batch.lookup(1), Errno.ENOTSUPP);
        assertFails(() -> batch.lookupAndDelete(1), Errno.ENOTSUPP);
        assertFails(() -> batch.update(List.of(element)), Errno.ENOTSUPP);
        assertFails(() -> batch.delete(List.of(key(0))), Errno.ENOTSUPP);
    }

    private static BpfMap map(MapType type, Lab lab) {
        return lab.engine().create(MapDefinition.of("m", type, 4, 8, 2));
    }
}
