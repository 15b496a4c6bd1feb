package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may read and write a map: flags of its creation, and freezing, alike for all kinds. */
class MapAccessTest {
    private static final MapKinds KINDS = MapKinds.plain();

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY"})
    void aReadOnlyMapIsWrittenByProgramsOnly(MapType type) {
        var map = create(type, BpfMap.RDONLY);

        Refusal.of(Errno.EPERM, () -> map.update(u32(0), zero(map), UpdateFlag.ANY));
        Refusal.of(Errno.EPERM, () -> map.delete(u32(0)));
        Refusal.of(Errno.EPERM, map::freeze);
        Cpu.enter();
        assertThat(map.updateFromProgram(u32(0), u64(7), 0)).isZero();
        Cpu.leave();
        assertThat(map.lookup(u32(0))).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY"})
    void aWriteOnlyMapIsNotRead(MapType type) {
        var map = create(type, BpfMap.WRONLY);

        map.update(u32(0), zero(map), UpdateFlag.ANY);

        Refusal.of(Errno.EPERM, () -> map.lookup(u32(0)));
        Refusal.of(Errno.EPERM, () -> map.nextKey(u32(0)));
        Refusal.of(Errno.EPERM, map::firstKey);
        Refusal.of(Errno.EPERM, map::keys);
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY"})
    void aMapThatProgramsOnlyReadIsWrittenByApplications(MapType type) {
        var map = create(type, BpfMap.RDONLY_PROG);
        map.update(u32(0), zero(map), UpdateFlag.ANY);
        var memory = new Memory();

        assertThat(map.updateFromProgram(u32(0), u64(7), 0)).isEqualTo(-13);
        assertThat(map.deleteFromProgram(u32(0))).isEqualTo(-13);
        Cpu.enter();
        long value = memory.addressOf(map.lookupFromProgram(u32(0)));
        Cpu.leave();
        assertThat(memory.load(value, 8)).isZero();
        assertThrows(MemoryFault.class, () -> memory.store(value, 8, 1));
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY"})
    void aFrozenMapIsWrittenByProgramsOnly(MapType type) {
        var map = create(type, 0);
        map.update(u32(0), zero(map), UpdateFlag.ANY);

        map.freeze();

        Refusal.of(Errno.EPERM, () -> map.update(u32(0), zero(map), UpdateFlag.ANY));
        Refusal.of(Errno.EPERM, () -> map.delete(u32(0)));
        Refusal.of(Errno.EPERM, map::freeze);
        Cpu.enter();
        assertThat(map.updateFromProgram(u32(0), u64(7), 0)).isZero();
        Cpu.leave();
        assertThat(map.lookup(u32(0))).isPresent();
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PROG_ARRAY"})
    void flagsThatExcludeEachOtherAreRefused(MapType type) {
        Refusal.of(Errno.EINVAL, () -> create(type, BpfMap.RDONLY | BpfMap.WRONLY));
        Refusal.of(Errno.EINVAL, () -> create(type, BpfMap.RDONLY_PROG | BpfMap.WRONLY_PROG));
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PROG_ARRAY"})
    void flagsThatNobodyKnowsAreRefused(MapType type) {
        Refusal.of(Errno.EINVAL, () -> create(type, 1 << 30));
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PROG_ARRAY"})
    void aMapHasRoomForSomething(MapType type) {
        Refusal.of(Errno.EINVAL, () -> KINDS.create(MapDefinition.of("m", type, 4, size(type), 0)));
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PROG_ARRAY"})
    void keysOfAnotherSizeAreRefused(MapType type) {
        var map = create(type, 0);

        for (var key : new byte[][] {new byte[0], new byte[3], new byte[5]}) {
            Refusal.of(Errno.EINVAL, () -> map.lookup(key));
            Refusal.of(Errno.EINVAL, () -> map.update(key, zero(map), UpdateFlag.ANY));
            Refusal.of(Errno.EINVAL, () -> map.delete(key));
            Refusal.of(Errno.EINVAL, () -> map.nextKey(key));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PROG_ARRAY"})
    void valuesOfAnotherSizeAreRefused(MapType type) {
        var map = create(type, 0);
        var value = new byte[map.userValueSize() + 1];

        assertThat(Refusal.of(Errno.EINVAL, () -> map.update(u32(0), value, UpdateFlag.ANY)))
                .hasMessageContaining(
                        "map m (%s): a value of %d bytes, expected %d",
                        type, value.length, value.length - 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY"})
    void aProgramsFlagIsOneOfThree(MapType type) {
        var map = create(type, 0);
        for (long flags : new long[] {3, 4, -1, 1L << 32}) {
            assertThat(map.updateFromProgram(u32(0), u64(0), flags)).isEqualTo(-22);
        }
    }

    private static BpfMap create(MapType type, int flags) {
        return KINDS.create(MapDefinition.of("m", type, 4, size(type), 4).withFlags(flags));
    }

    private static int size(MapType type) {
        return type == MapType.PROG_ARRAY ? 4 : 8;
    }

    private static byte[] zero(BpfMap map) {
        return new byte[map.userValueSize()];
    }
}
