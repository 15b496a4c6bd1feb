package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.number;
import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.memory.Memory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** BPF_MAP_TYPE_SK_STORAGE. */
class SkStorageMapTest {
    private static final int CLONE = 1 << 9;
    private static final long CREATE = SkStorageMap.CREATE;

    private final SkStorageMap map = storage(4, 8, 0, 1);
    private final Owner socket = new Owner();
    private final Owner other = new Owner();

    private static final class Owner implements StorageOwner {
        private final LocalStorage storage = new LocalStorage();

        @Override
        public LocalStorage storage() {
            return storage;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "8, 8, 0, 1, EINVAL",
        "4, 0, 0, 1, EINVAL",
        "4, 8, 1, 1, EINVAL",
        "4, 8, 0, 0, EINVAL",
        "4, 8, 0, 9, EINVAL",
        "4, 65535, 0, 1, E2BIG",
        "4, -1, 0, 1, E2BIG",
    })
    void whatCanNotBeIsRefused(int key, int value, long count, int flags, Errno errno) {
        Refusal.of(errno, () -> storage(key, value, count, flags));
    }

    @Test
    void keysAndValuesHaveTypes() {
        var definition = MapDefinition.of("s", MapType.SK_STORAGE, 4, 8, 0).withFlags(1);

        Refusal.of(Errno.EINVAL, () -> new SkStorageMap(definition));
        Refusal.of(Errno.EINVAL, () -> new SkStorageMap(definition.withTypes(1, 0)));
        assertThat(new SkStorageMap(definition.withTypes(1, 2)).name()).isEqualTo("s");
    }

    @Test
    void aProgramMakesAValueOnlyIfItSaysSo() {
        assertThat(map.getFromProgram(socket, null, 0)).isNull();

        var value = map.getFromProgram(socket, null, CREATE);

        assertThat(value.load(new Memory(), 0, 8)).isZero();
        assertThat(map.getFromProgram(socket, null, 0)).isSameAs(value);
        assertThat(map.getFromProgram(socket, u64(9), CREATE)).isSameAs(value);
        assertThat(map.lookup(socket)).hasValue(u64(0));
        assertThat(map.lookup(other)).isEmpty();
    }

    @Test
    void aNewValueBeginsAsTheProgramSays() {
        map.getFromProgram(socket, u64(42), CREATE);

        assertThat(map.lookup(socket)).hasValue(u64(42));
    }

    @Test
    void otherFlagsGiveNothing() {
        for (long flags : new long[] {2, 3, -1}) {
            assertThat(map.getFromProgram(socket, null, flags)).isNull();
        }
        assertThat(map.lookup(socket)).isEmpty();
    }

    @Test
    void aValueIsDeletedOnce() {
        map.getFromProgram(socket, null, CREATE);

        assertThat(map.deleteFromProgram(socket)).isZero();
        assertThat(map.deleteFromProgram(socket)).isEqualTo(-2);
        assertThat(map.getFromProgram(socket, null, 0)).isNull();
        Refusal.of(Errno.ENOENT, () -> map.delete(socket));
    }

    @Test
    void anApplicationUpdatesByFlags() {
        Refusal.of(Errno.ENOENT, () -> map.update(socket, u64(1), UpdateFlag.EXIST));
        map.update(socket, u64(1), UpdateFlag.NOEXIST);
        Refusal.of(Errno.EEXIST, () -> map.update(socket, u64(2), UpdateFlag.NOEXIST));
        map.update(socket, u64(3), UpdateFlag.EXIST);
        map.update(other, u64(4), UpdateFlag.ANY);

        assertThat(map.lookup(socket)).hasValue(u64(3));
        assertThat(map.lookup(other)).hasValue(u64(4));
        Refusal.of(Errno.EINVAL, () -> map.update(socket, u32(3), UpdateFlag.ANY));
        map.delete(socket);
        assertThat(map.lookup(socket)).isEmpty();
        assertThat(map.lookup(other)).isPresent();
    }

    @Test
    void mapsDoNotShareTheirValues() {
        var second = storage(4, 8, 0, 1);
        map.update(socket, u64(1), UpdateFlag.ANY);
        second.update(socket, u64(2), UpdateFlag.ANY);

        map.delete(socket);

        assertThat(second.lookup(socket)).hasValue(u64(2));
    }

    @Test
    void valuesGoWithTheirOwner() {
        map.update(socket, u64(1), UpdateFlag.ANY);
        var memory = new Memory();
        long value = memory.addressOf(map.getFromProgram(socket, null, 0));

        socket.storage().close();

        assertThat(map.lookup(socket)).isEmpty();
        assertThat(map.getFromProgram(socket, null, CREATE)).isNull();
        assertThat(map.deleteFromProgram(socket)).isEqualTo(-2);
        Refusal.of(Errno.EBADF, () -> map.update(socket, u64(1), UpdateFlag.ANY));
        memory.store(value, 8, 7);
        socket.storage().close();
    }

    /** More than all maps may have together, one after the other. */
    @Test
    void memoryIsGivenBackWhenAValueGoes() {
        var large = storage(4, 65_000, 0, 1);
        long more = Runtime.getRuntime().maxMemory() / 65_000;

        for (long i = 0; i < more; i++) {
            assertThat(large.getFromProgram(socket, null, CREATE)).as("value %d", i).isNotNull();
            large.update(socket, new byte[65_000], UpdateFlag.ANY);
            large.deleteFromProgram(socket);
        }
        for (long i = 0; i < more; i++) {
            var owner = new Owner();
            assertThat(large.getFromProgram(owner, null, CREATE)).as("owner %d", i).isNotNull();
            owner.storage().close();
        }
    }

    @Test
    void aListenersValuesAreCopiedWhereTheMapSaysSo() {
        var cloned = storage(4, 8, 0, 1 | CLONE);
        map.update(socket, u64(1), UpdateFlag.ANY);
        cloned.update(socket, u64(2), UpdateFlag.ANY);

        socket.storage().copyTo(other.storage());
        cloned.update(socket, u64(3), UpdateFlag.ANY);

        assertThat(map.lookup(other)).isEmpty();
        assertThat(cloned.lookup(other)).hasValue(u64(2));
        socket.storage().copyTo(other.storage());
        assertThat(cloned.lookup(other)).hasValue(u64(2));
    }

    @Test
    void thereAreNoKeys() {
        Refusal.of(Errno.EBADF, () -> map.lookup(u32(3)));
        Refusal.of(Errno.EBADF, () -> map.update(u32(3), u64(0), UpdateFlag.ANY));
        Refusal.of(Errno.EBADF, () -> map.delete(u32(3)));
        Refusal.of(Errno.ENOTSUPP, map::firstKey);
        Refusal.of(Errno.ENOTSUPP, map::keys);
        Refusal.of(Errno.ENOTSUPP, () -> map.batch().lookup(1));
        assertThat(map.lookupFromProgram(u32(0))).isNull();
    }

    @Test
    void whoIsFirstMakesTheValueForAll() throws Exception {
        for (int round = 0; round < 50; round++) {
            var owner = new Owner();
            Set<Object> found = ConcurrentHashMap.newKeySet();

            Threads.run(
                    4,
                    thread -> {
                        var value = map.getFromProgram(owner, u64(thread + 1), CREATE);
                        found.add(System.identityHashCode(value));
                    });

            assertThat(found).as("round %d", round).hasSize(1);
            assertThat(number(map.lookup(owner).orElseThrow())).isBetween(1L, 4L);
        }
    }

    private static SkStorageMap storage(int key, int value, long count, int flags) {
        return new SkStorageMap(
                MapDefinition.of("per_socket", MapType.SK_STORAGE, key, value, count)
                        .withFlags(flags)
                        .withTypes(1, 2));
    }
}
