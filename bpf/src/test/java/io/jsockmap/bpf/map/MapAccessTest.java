package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.insn.AtomicOp;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;
import io.jsockmap.bpf.memory.Region;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Who may read and write a map: flags of its creation, and freezing, alike for all kinds. */
class MapAccessTest {
    private static final MapKinds KINDS = MapKinds.plain();

    @ParameterizedTest
    @EnumSource(
            names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PERCPU_HASH", "LRU_PERCPU_HASH"})
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
    @EnumSource(
            names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PERCPU_HASH", "LRU_PERCPU_HASH"})
    void aWriteOnlyMapIsNotRead(MapType type) {
        var map = create(type, BpfMap.WRONLY);

        map.update(u32(0), zero(map), UpdateFlag.ANY);

        Refusal.of(Errno.EPERM, () -> map.lookup(u32(0)));
        Refusal.of(Errno.EPERM, () -> map.nextKey(u32(0)));
        Refusal.of(Errno.EPERM, map::firstKey);
        Refusal.of(Errno.EPERM, map::keys);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PERCPU_HASH", "LRU_PERCPU_HASH"})
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

    /** As in the kernel: the lookup succeeds, the verifier refuses the loads behind it. */
    @ParameterizedTest
    @EnumSource(
            names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PERCPU_HASH", "LRU_PERCPU_HASH"})
    @DisplayName("a program may write but not read a BPF_F_WRONLY_PROG map")
    void aMapThatProgramsOnlyWriteIsReadByApplications(MapType type) {
        var map = create(type, BpfMap.WRONLY_PROG);
        var memory = new Memory();
        Cpu.enter();
        map.updateFromProgram(u32(0), u64(7), 0);
        long value = memory.addressOf(map.lookupFromProgram(u32(0)));
        Cpu.leave();

        assertThat(assertThrows(MemoryFault.class, () -> memory.load(value, 8)))
                .hasMessageContaining("can't be read: the map is BPF_F_WRONLY_PROG");
        assertThrows(MemoryFault.class, () -> memory.readable(value, 8));
        assertThrows(MemoryFault.class, () -> memory.atomic(value, 8, AtomicOp.ADD, 1, 0));
        memory.store(value, 4, 9);
        memory.writable(value + 4, 4).fill((byte) 1);

        assertThat(HexFormat.of().formatHex(map.lookup(u32(0)).orElseThrow()))
                .contains("0900000001010101");
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PERCPU_HASH", "LRU_PERCPU_HASH"})
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
    @EnumSource(
            names = {
                "ARRAY",
                "HASH",
                "LRU_HASH",
                "PERCPU_ARRAY",
                "PERCPU_HASH",
                "LRU_PERCPU_HASH",
                "PROG_ARRAY"
            })
    void flagsThatExcludeEachOtherAreRefused(MapType type) {
        Refusal.of(Errno.EINVAL, () -> create(type, BpfMap.RDONLY | BpfMap.WRONLY));
        Refusal.of(Errno.EINVAL, () -> create(type, BpfMap.RDONLY_PROG | BpfMap.WRONLY_PROG));
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
                "PROG_ARRAY"
            })
    void flagsThatNobodyKnowsAreRefused(MapType type) {
        Refusal.of(Errno.EINVAL, () -> create(type, 1 << 30));
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
                "PROG_ARRAY"
            })
    void aMapHasRoomForSomething(MapType type) {
        Refusal.of(Errno.EINVAL, () -> KINDS.create(MapDefinition.of("m", type, 4, size(type), 0)));
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
                "PROG_ARRAY"
            })
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
    @EnumSource(
            names = {
                "ARRAY",
                "HASH",
                "LRU_HASH",
                "PERCPU_ARRAY",
                "PERCPU_HASH",
                "LRU_PERCPU_HASH",
                "PROG_ARRAY"
            })
    void valuesOfAnotherSizeAreRefused(MapType type) {
        var map = create(type, 0);
        var value = new byte[map.userValueSize() + 1];

        assertThat(Refusal.of(Errno.EINVAL, () -> map.update(u32(0), value, UpdateFlag.ANY)))
                .hasMessageContaining(
                        "map m (%s): a value of %d bytes, expected %d",
                        type, value.length, value.length - 1);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"ARRAY", "HASH", "LRU_HASH", "PERCPU_ARRAY", "PERCPU_HASH", "LRU_PERCPU_HASH"})
    void aProgramsFlagIsOneOfThree(MapType type) {
        var map = create(type, 0);
        for (long flags : new long[] {3, 4, -1, 1L << 32}) {
            assertThat(map.updateFromProgram(u32(0), u64(0), flags)).isEqualTo(-22);
        }
    }

    @Test
    @DisplayName("M29: a map is not frozen while an application writes it")
    void aMapIsNotFrozenDuringAWrite() {
        var frozenMeanwhile = new AtomicReference<Throwable>();
        var map =
                new Written(m -> frozenMeanwhile.set(assertThrows(MapException.class, m::freeze)));

        map.update(u32(0), u32(0), UpdateFlag.ANY);

        assertThat(((MapException) frozenMeanwhile.get()).errno()).isEqualTo(Errno.EBUSY);
        map.freeze();
        Refusal.of(Errno.EPERM, () -> map.update(u32(0), u32(0), UpdateFlag.ANY));
    }

    @Test
    @DisplayName("M29: no write of an application comes after a freeze that succeeded")
    void nothingIsWrittenAfterAFreeze() throws Exception {
        for (int round = 0; round < 40; round++) {
            var map = create(MapType.ARRAY, 0);
            var frozen = new AtomicBoolean();
            var late = new AtomicInteger();
            Threads.run(
                    3,
                    thread -> {
                        if (thread == 0) {
                            while (!freezes(map)) Thread.onSpinWait();
                            var before = map.lookup(u32(0)).orElseThrow();
                            frozen.set(true);
                            for (int i = 0; i < 50; i++) {
                                boolean same = Arrays.equals(before, map.lookup(u32(0)).get());
                                if (!same) late.incrementAndGet();
                            }
                            return;
                        }
                        for (long i = 0; !frozen.get(); i++) writes(map, i * 2 + thread);
                    });
            assertThat(late).as("round %d", round).hasValue(0);
        }
    }

    private static boolean freezes(BpfMap map) {
        try {
            map.freeze();
            return true;
        } catch (MapException e) {
            assertThat(e.errno()).isEqualTo(Errno.EBUSY);
            return false;
        }
    }

    private static void writes(BpfMap map, long value) {
        try {
            map.update(u32(0), u64(value), UpdateFlag.ANY);
        } catch (MapException e) {
            assertThat(e.errno()).isEqualTo(Errno.EPERM);
        }
    }

    /** A map that does something while it is written, and has nothing else. */
    private static final class Written extends BpfMap {
        private final Consumer<BpfMap> meanwhile;

        Written(Consumer<BpfMap> meanwhile) {
            super(MapDefinition.of("m", MapType.HASH, 4, 4, 1));
            this.meanwhile = meanwhile;
        }

        @Override
        public Region lookupFromProgram(Key key) {
            return null;
        }

        @Override
        protected Optional<byte[]> find(byte[] key) {
            return Optional.empty();
        }

        @Override
        protected void put(byte[] key, byte[] value, UpdateFlag flag) {
            meanwhile.accept(this);
        }

        @Override
        protected void remove(byte[] key) {
            meanwhile.accept(this);
        }

        @Override
        protected Optional<byte[]> following(byte[] key) {
            return Optional.empty();
        }
    }

    /** What socket maps are: a kind that says nothing of batches. */
    @Test
    @DisplayName("M42: a kind of map that has no batches and no lookup-and-delete gives ENOTSUPP")
    void aKindWithoutBatchesSaysSo() {
        var map = new Written(_ -> {});

        assertThat(Refusal.of(Errno.ENOTSUPP, () -> map.lookupAndDelete(u32(0))))
                .hasMessageContaining("map m (hash): this kind of map has no lookup-and-delete");
        Refusal.of(Errno.ENOTSUPP, () -> map.batch().lookup(1));
        Refusal.of(Errno.ENOTSUPP, () -> map.batch().lookupAndDelete(1));
        Refusal.of(Errno.ENOTSUPP, () -> map.batch().update(List.of()));
        Refusal.of(Errno.ENOTSUPP, () -> map.batch().delete(List.of()));
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
