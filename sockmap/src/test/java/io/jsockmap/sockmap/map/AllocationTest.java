package io.jsockmap.sockmap.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapOfMaps;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.PercpuMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.network.NetworkTest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** A program's lookup takes nothing of the heap, whether the key is there or not. */
class AllocationTest extends NetworkTest {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ENTRIES = 100;
    private static final MapDefinition INNER = MapDefinition.of("in", MapType.ARRAY, 4, 4, 1);

    /** Somewhere in a program's stack: a key that is there, and one that is not. */
    private final MemorySegment stack = MemorySegment.ofArray(new long[64]);

    private static final long PRESENT = 96;
    private static final long ABSENT = 104;

    private final Key key = Key.scratch(IndexKey.SIZE);
    private final Allocation allocation = new Allocation();
    private volatile Object seen;

    AllocationTest() throws ReflectiveOperationException {
        stack.set(INT, PRESENT, ENTRIES - 1);
        stack.set(INT, ABSENT, ENTRIES);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "ARRAY",
                "HASH",
                "LRU_HASH",
                "PERCPU_ARRAY",
                "PERCPU_HASH",
                "LRU_PERCPU_HASH",
                "ARRAY_OF_MAPS",
                "HASH_OF_MAPS",
                "SOCKMAP",
                "SOCKHASH"
            })
    void aLookupAllocatesNothing(MapType kind) throws ReflectiveOperationException {
        var map = filled(kind);
        assertThat(map.lookupFromProgram(key.read(stack, PRESENT))).isNotNull();
        assertThat(map.lookupFromProgram(key.read(stack, ABSENT))).isNull();

        assertThat(allocation.of(() -> seen = map.lookupFromProgram(key.read(stack, PRESENT))))
                .isLessThan(1);
        assertThat(allocation.of(() -> seen = map.lookupFromProgram(key.read(stack, ABSENT))))
                .isLessThan(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"PERCPU_ARRAY", "PERCPU_HASH", "LRU_PERCPU_HASH"})
    void aLookupOfAnyCpuAllocatesNothing(MapType kind) throws ReflectiveOperationException {
        var map = (PercpuMap) filled(kind);

        assertThat(allocation.of(() -> seen = map.lookupFromProgram(key.read(stack, PRESENT), 0)))
                .isLessThan(1);
    }

    @Test
    void aLookupByIndexAllocatesNothing() throws ReflectiveOperationException {
        var array = (ArrayMap) filled(MapType.ARRAY);
        var sockets = (UserSockMap) filled(MapType.SOCKMAP);

        assertThat(allocation.of(() -> seen = array.lookupFromProgram(ENTRIES - 1))).isLessThan(1);
        assertThat(allocation.of(() -> seen = sockets.socket(ENTRIES - 1))).isLessThan(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"SOCKMAP", "SOCKHASH"})
    void choosingASocketAllocatesNothing(MapType kind) throws ReflectiveOperationException {
        var map = (UserSocketMap) filled(kind);
        assertThat(map.socket(key.read(stack, PRESENT))).isPresent();
        assertThat(map.socket(key.read(stack, ABSENT))).isEmpty();

        assertThat(allocation.of(() -> seen = map.socket(key.read(stack, PRESENT)))).isLessThan(1);
        assertThat(allocation.of(() -> seen = map.socket(key.read(stack, ABSENT)))).isLessThan(1);
    }

    /** Otherwise the others would say nothing. */
    @Test
    void whatIsAllocatedIsCounted() throws ReflectiveOperationException {
        assertThat(allocation.of(() -> seen = Key.of(new byte[16]))).isGreaterThan(16);
    }

    private BpfMap filled(MapType kind) {
        var map = create(kind);
        for (int i = 0; i < ENTRIES; i++) insert(map, IndexKey.of(i));
        return map;
    }

    private static BpfMap create(MapType kind) {
        var definition = MapDefinition.of("m", kind, IndexKey.SIZE, 4, ENTRIES).holding(INNER);
        return MapKinds.plain()
                .with(MapType.SOCKMAP, UserSockMap::new)
                .with(MapType.SOCKHASH, UserSockHash::new)
                .create(definition);
    }

    private void insert(BpfMap map, byte[] at) {
        switch (map) {
            case UserSocketMap sockets -> {
                var socket = network.connected().socket();
                sockets.update(at, socket, UpdateFlag.ANY);
            }
            case MapOfMaps maps -> {
                var inner = MapKinds.plain().create(INNER);
                maps.update(at, inner, UpdateFlag.ANY);
            }
            default -> map.update(at, new byte[map.userValueSize()], UpdateFlag.ANY);
        }
    }
}
