package io.jsockmap.bpf.examples;

import static io.jsockmap.bpf.examples.Numbers.u32;
import static io.jsockmap.bpf.examples.Numbers.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.ArrayOfMaps;
import io.jsockmap.bpf.map.BloomFilterMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.HashOfMaps;
import io.jsockmap.bpf.map.KeylessMap;
import io.jsockmap.bpf.map.LocalStorage;
import io.jsockmap.bpf.map.LpmTrieMap;
import io.jsockmap.bpf.map.LruPercpuHashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapOfMaps;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.PercpuArrayMap;
import io.jsockmap.bpf.map.PercpuHashMap;
import io.jsockmap.bpf.map.PercpuMap;
import io.jsockmap.bpf.map.QueueMap;
import io.jsockmap.bpf.map.SkStorageMap;
import io.jsockmap.bpf.map.StackMap;
import io.jsockmap.bpf.map.StorageOwner;
import io.jsockmap.bpf.map.UpdateFlag;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What is particular to a kind of map. */
class MapKindExamples {
    /** BPF_F_NO_PREALLOC, which tries and storages of sockets are made with. */
    private static final int NO_PREALLOC = 1;

    @Test
    void eachCpuCountsForItself() {
        // @start region="percpu"
        PercpuArrayMap runs =
                new PercpuArrayMap(MapDefinition.of("runs", MapType.PERCPU_ARRAY, 4, 8, 1));
        PercpuHashMap perPort =
                new PercpuHashMap(MapDefinition.of("ports", MapType.PERCPU_HASH, 4, 8, 100));
        LruPercpuHashMap recent =
                new LruPercpuHashMap(MapDefinition.of("hot", MapType.LRU_PERCPU_HASH, 4, 8, 100));

        Cpu.enter(); // as a run of a program does
        try {
            for (BpfMap map : List.of(runs, perPort, recent)) {
                assertThat(map.updateFromProgram(u32(0), u64(5), 0)).isZero();
            }
        } finally {
            Cpu.leave();
        }
        // @end
        assertThat(List.of(total(runs, 0), total(perPort, 0), total(recent, 0))).containsOnly(5L);
    }

    // @start region="total"
    /** A counter, whether each CPU has one of its own or not. */
    static long total(BpfMap map, int key) {
        ByteBuffer values = ByteBuffer.wrap(map.lookup(u32(key)).orElseThrow());
        values.order(ByteOrder.LITTLE_ENDIAN);
        if (!(map instanceof PercpuMap)) return values.getLong();
        long sum = 0;
        for (int cpu = 0; cpu < Cpu.COUNT; cpu++) sum += values.getLong();
        return sum;
    }

    // @end

    @Test
    void theLongestPrefixIsFound() {
        // @start region="prefix"
        LpmTrieMap routes =
                new LpmTrieMap(
                        MapDefinition.of("routes", MapType.LPM_TRIE, 8, 8, 100)
                                .withFlags(NO_PREALLOC));
        routes.update(prefix(8, 10, 0, 0, 0), u64(1), UpdateFlag.ANY);
        routes.update(prefix(16, 10, 1, 0, 0), u64(2), UpdateFlag.ANY);

        assertThat(routes.lookup(prefix(32, 10, 1, 2, 3))).hasValue(u64(2));
        assertThat(routes.lookup(prefix(32, 10, 9, 2, 3))).hasValue(u64(1));
        assertThat(routes.lookup(prefix(32, 192, 168, 0, 1))).isEmpty();
        // @end
    }

    /** The bits that count, and the bytes they are taken from. */
    private static byte[] prefix(int bits, int... address) {
        ByteBuffer key = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(bits);
        for (int part : address) key.put((byte) part);
        return key.array();
    }

    @Test
    void someMapsHaveValuesWithoutKeys() {
        // @start region="keyless"
        QueueMap jobs = new QueueMap(MapDefinition.of("jobs", MapType.QUEUE, 0, 8, 10));
        StackMap undo = new StackMap(MapDefinition.of("undo", MapType.STACK, 0, 8, 10));
        BloomFilterMap seen =
                new BloomFilterMap(MapDefinition.of("seen", MapType.BLOOM_FILTER, 0, 8, 1000));

        for (KeylessMap map : List.of(jobs, undo, seen)) {
            assertThat(map.pushFromProgram(u64(1), 0)).isZero();
            assertThat(map.pushFromProgram(u64(2), 0)).isZero();
        }

        assertThat(jobs.pop()).isEqualTo(u64(1));
        assertThat(undo.pop()).isEqualTo(u64(2));
        assertThat(seen.mayContain(u64(1))).isTrue();
        // @end
    }

    @Test
    void theValuesOfSomeMapsAreMaps() {
        // @start region="nested"
        MapDefinition flows = MapDefinition.of("flows", MapType.HASH, 4, 8, 100);
        ArrayOfMaps byShard =
                new ArrayOfMaps(
                        MapDefinition.of("by_shard", MapType.ARRAY_OF_MAPS, 4, 4, 8)
                                .holding(flows));
        HashOfMaps byTenant =
                new HashOfMaps(
                        MapDefinition.of("by_tenant", MapType.HASH_OF_MAPS, 4, 4, 8)
                                .holding(flows));
        BpfMap mine = new HashMap(flows);

        for (MapOfMaps outer : List.of(byShard, byTenant)) {
            outer.update(u32(3), mine, UpdateFlag.ANY);
            assertThat(outer.map(u32(3))).hasValue(mine);
        }
        assertThat(byTenant.lookup(u32(3))).hasValue(u32(mine.id()));
        // @end
    }

    @Test
    void aValueLivesWithItsOwner() {
        var definition =
                MapDefinition.of("state", MapType.SK_STORAGE, 4, 8, 0)
                        .withFlags(NO_PREALLOC)
                        .withTypes(1, 2);
        // @start region="storage"
        record Connection(LocalStorage storage) implements StorageOwner {}
        Connection connection = new Connection(new LocalStorage());
        SkStorageMap state = new SkStorageMap(definition);

        state.update(connection, u64(1), UpdateFlag.NOEXIST);
        assertThat(state.lookup(connection)).hasValue(u64(1));

        connection.storage().close(); // as the connection is closed
        assertThat(state.lookup(connection)).isEmpty();
        // @end
    }
}
