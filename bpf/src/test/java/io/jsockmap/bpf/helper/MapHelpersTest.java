package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.Engines;
import io.jsockmap.bpf.insn.Assembler;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.LocalStorage;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.PerfEventArrayMap;
import io.jsockmap.bpf.map.PerfReader;
import io.jsockmap.bpf.map.RingBufferMap;
import io.jsockmap.bpf.map.SkStorageMap;
import io.jsockmap.bpf.map.StorageOwner;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.PacketBytes;
import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.ContextRegion;
import io.jsockmap.bpf.program.Environment;
import io.jsockmap.bpf.program.Helper;
import io.jsockmap.bpf.program.Program;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The helpers of maps that are more than keys and values, as a program calls them. */
class MapHelpersTest {
    private static final ContextLayout<Object> NOTHING =
            ContextLayout.<Object>of("nothing", 0).build();

    private static final ProgramType TYPE =
            new ProgramType(
                    "plain",
                    0,
                    NOTHING,
                    Helper.table(BaseHelpers.ALL, MapHelpers.ALL, MapHelpers.STORAGE));

    private static final String MAP = "r1 = map[fd:0]\n";
    private static final String VALUE = "*(u64 *)(r10 - 8) = %d\nr2 = r10\nr2 += -8\n";

    /** A packet that is also a socket. */
    private static final class Packet implements PacketBytes, StorageOwner {
        private final LocalStorage storage = new LocalStorage();

        @Override
        public MemorySegment packetBytes() {
            return MemorySegment.ofArray(new byte[] {1, 2, 3, 4, 5});
        }

        @Override
        public LocalStorage storage() {
            return storage;
        }
    }

    private final Packet packet = new Packet();
    private final BpfMap queue = create(MapType.QUEUE, 0, 8, 2);
    private final BpfMap hash = create(MapType.HASH, 4, 8, 4);
    private final RingBufferMap ring = (RingBufferMap) create(MapType.RINGBUF, 0, 0, 4096);
    private final PerfEventArrayMap perf =
            (PerfEventArrayMap) create(MapType.PERF_EVENT_ARRAY, 4, 4, Cpu.COUNT);

    @Test
    void allHaveTheKernelsNumbers() {
        assertThat(MapHelpers.ALL)
                .extracting(Helper::name)
                .containsExactly(
                        "bpf_perf_event_output",
                        "bpf_map_push_elem",
                        "bpf_map_pop_elem",
                        "bpf_map_peek_elem",
                        "bpf_ringbuf_output",
                        "bpf_ringbuf_reserve",
                        "bpf_ringbuf_submit",
                        "bpf_ringbuf_discard",
                        "bpf_ringbuf_query",
                        "bpf_for_each_map_elem",
                        "bpf_map_lookup_percpu_elem");
        assertThat(MapHelpers.STORAGE)
                .extracting(Helper::name)
                .containsExactly("bpf_sk_storage_get", "bpf_sk_storage_delete");
    }

    /** The kernel refuses to load such a program. */
    @ParameterizedTest
    @ValueSource(ints = {87, 88, 89, 107, 108, 130, 131, 134, 164, 195})
    void aMapOfAnotherKindIsAFault(int helper) {
        var other = helper == 164 ? queue : create(MapType.PROG_ARRAY, 4, 4, 1);
        var code = VALUE.formatted(0) + MAP + "r3 = 0\nr4 = 0\ncall %d\nexit".formatted(helper);

        assertThat(fault(code, other)).contains("cannot pass map_type").contains("#" + helper);
    }

    @Test
    void recordsForAnApplicationGoToTheirKindOfMap() {
        var code = "r2 = map[fd:0]\nr3 = 0\nr4 = r10\nr5 = 0\ncall 25\nexit";

        assertThat(fault(code, hash)).contains("map_type 1 (hash) into func bpf_perf_event_output");
    }

    // --- Queues ----------------------------------------------------------------------------------

    @Test
    void aQueueFromPushToPop() {
        assertThat(run(VALUE.formatted(5) + MAP + "r3 = 0\ncall 87\nexit", queue)).isZero();
        assertThat(run(VALUE.formatted(0) + MAP + "call 89\nr0 = *(u64 *)(r10 - 8)\nexit", queue))
                .isEqualTo(5);
        assertThat(run(VALUE.formatted(0) + MAP + "call 88\nr0 = *(u64 *)(r10 - 8)\nexit", queue))
                .isEqualTo(5);
        assertThat(run(VALUE.formatted(9) + MAP + "call 88\nr0 = *(u64 *)(r10 - 8)\nexit", queue))
                .isZero();
        assertThat(run(VALUE.formatted(9) + MAP + "call 88\nexit", queue)).isEqualTo(-2);
    }

    @Test
    void aBloomFilterIsAskedForAConstantToo() {
        var seen = create(MapType.BLOOM_FILTER, 0, 8, 10);
        var constants =
                MapKinds.plain()
                        .create(
                                MapDefinition.of("constants", MapType.ARRAY, 4, 8, 1)
                                        .withFlags(BpfMap.RDONLY_PROG));
        var code = "r1 = map[fd:0]\nr2 = map[fd:1][0]+0\ncall 89\nexit";

        assertThat(run(code, seen, constants)).isEqualTo(-2);
        assertThat(fault(code, queue, constants)).contains("is read-only");
    }

    // --- Ring buffers ----------------------------------------------------------------------------

    private static final String RESERVE = MAP + "r2 = 8\nr3 = 0\ncall 131\nr6 = r0\n";

    @Test
    void aRecordIsWrittenAndSubmitted() {
        assertThat(
                        run(
                                RESERVE
                                        + "*(u64 *)(r6 + 0) = 77\n"
                                        + "r1 = r6\n"
                                        + "r2 = 0\n"
                                        + "call 132\n"
                                        + "r0 = 0\n"
                                        + "exit",
                                ring))
                .isZero();

        assertThat(ring.poll()).hasValue(u64(77));
    }

    @ParameterizedTest
    @ValueSource(ints = {132, 133})
    void aRecordIsGoneOnceItWasSubmittedOrDiscarded(int helper) {
        var release = RESERVE + "r1 = r6\nr2 = 0\ncall %d\n".formatted(helper);

        assertThat(fault(release + "r0 = *(u64 *)(r6 + 0)\nexit", ring))
                .contains("by a pointer from before it changed");
        assertThat(fault(release + "r1 = r6\nr2 = 0\ncall 132\nexit", ring))
                .contains("is not a record of a ring buffer");
    }

    @Test
    void onlyARecordCanBeSubmitted() {
        assertThat(fault(RESERVE + "r1 = r6\nr1 += 4\nr2 = 0\ncall 132\nexit", ring))
                .contains("a pointer that was moved is not a record");
        assertThat(fault("r1 = r10\nr2 = 0\ncall 132\nexit", ring)).contains("is not a record");
        assertThat(fault("r1 = 0\nr2 = 0\ncall 133\nexit", ring)).contains("a null pointer");
        assertThat(fault(RESERVE + "r0 = *(u64 *)(r6 + 1)\nexit", ring))
                .contains("outside of its 8");
    }

    /** In the kernel it would not load; here it must not stop everybody else's records. */
    @ParameterizedTest
    @ValueSource(strings = {"r0 = 0\nexit", "r0 = *(u64 *)(r6 + 8)\nexit"})
    void aRecordThatARunLeavesBehindIsDiscarded(String rest) {
        try {
            run(RESERVE + rest, ring);
        } catch (ProgramFault fault) {
            assertThat(fault).hasMessageContaining("outside of its 8 bytes");
        }
        assertThat(ring.query(0)).isEqualTo(16);

        ring.output(MemorySegment.ofArray(u64(5)), 0);

        assertThat(ring.poll()).hasValue(u64(5));
    }

    @Test
    void withoutRoomThereIsNoRecord() {
        assertThat(run(MAP + "r2 = 4096\nr3 = 0\ncall 131\nexit", ring)).isZero();
        assertThat(run(MAP + "r2 = -1\nr3 = 0\ncall 131\nexit", ring)).isZero();
        assertThat(run(MAP + "r2 = 8\nr3 = 1\ncall 131\nexit", ring)).isZero();
    }

    @Test
    void outputCopies() {
        var output = VALUE.formatted(9) + MAP + "r3 = 8\nr4 = %d\ncall 130\nexit";

        assertThat(run(output.formatted(0), ring)).isZero();
        assertThat(run(output.formatted(4), ring)).isEqualTo(-22);
        assertThat(run(MAP + "r2 = 0\nr3 = 0\nr4 = 0\ncall 130\nexit", ring)).isZero();
        assertThat(fault(MAP + "r2 = r10\nr3 = 8\nr4 = 0\ncall 130\nexit", ring))
                .contains("outside of its 512 bytes");

        assertThat(ring.poll()).hasValue(u64(9));
        assertThat(ring.poll()).hasValue(new byte[0]);
        assertThat(run(MAP + "r2 = 1\ncall 134\nexit", ring)).isEqualTo(4096);
    }

    // --- Perf buffers ----------------------------------------------------------------------------

    private static final String PERF =
            """
            *(u64 *)(r10 - 8) = 7
            r2 = map[fd:0]
            r3 = %d ll
            r4 = r10
            r4 += -8
            r5 = 8
            call 25
            exit
            """;

    @Test
    void bytesOfThePacketFollowWhatTheProgramGives() {
        var readers = perf.openAll(4096);

        assertThat(run(PERF.formatted(0xffff_ffffL), perf)).isZero();
        assertThat(read(readers)).hasValue(u64(7));
        assertThat(run(PERF.formatted(3L << 32 | 0xffff_ffffL), perf)).isZero();
        assertThat(read(readers)).hasValue(new byte[] {7, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3});
    }

    private static Optional<byte[]> read(List<PerfReader> readers) {
        return readers.stream().map(PerfReader::poll).flatMap(Optional::stream).findFirst();
    }

    @ParameterizedTest
    @CsvSource({"6, 0, -14", "5, 0, 0", "0, 1, -22", "5, 1, -22", "1048575, 0, -14"})
    void noMoreThanThePacketHasAndNoOtherFlags(long size, long other, long result) {
        perf.openAll(4096);
        long flags = other << 52 | size << 32 | 0xffff_ffffL;

        assertThat(run(PERF.formatted(flags), perf)).isEqualTo(result);
    }

    @Test
    void aContextWithoutAPacketHasNoBytesToAppend() {
        perf.openAll(4096);
        var context = new ContextRegion<>("context", NOTHING, new Object());

        assertThat(run(PERF.formatted(1L << 32 | 0xffff_ffffL), context, perf)).isEqualTo(-22);
        assertThat(run(PERF.formatted(0xffff_ffffL), context, perf)).isZero();
    }

    // --- Elements --------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"0, 0", "4294967296, 0", "64, -1", "-1, -1", "4294967295, -1"})
    void aCpuThatIsNotThereHasNoValue(long cpu, long result) {
        var counts = create(MapType.PERCPU_ARRAY, 4, 8, 1);
        var lookup =
                """
                r3 = %d ll
                call 195
                if r0 != 0 goto +2
                r0 = -1
                exit
                r0 = *(u64 *)(r0 + 0)
                exit
                """
                        .formatted(cpu);
        var code = VALUE.formatted(0) + MAP + lookup;

        assertThat(run(code, counts)).isEqualTo(result);
    }

    /** The callback adds its key; r4 is the pointer that the program gave. */
    private static final String WALK =
            """
            *(u64 *)(r10 - 8) = 0
            r1 = map[fd:0]
            r2 = subprog[+7]
            r3 = r10
            r3 += -8
            r4 = 0
            call 164
            r0 = *(u64 *)(r10 - 8)
            exit
            callback:
            r1 = *(u32 *)(r2 + 0)
            r0 = *(u64 *)(r4 + 0)
            r0 += r1
            *(u64 *)(r4 + 0) = r0
            r0 = 0
            exit
            """;

    @ParameterizedTest
    @CsvSource({
        "HASH, 6",
        "LRU_HASH, 6",
        "PERCPU_HASH, 6",
        "LRU_PERCPU_HASH, 6",
        "ARRAY, 6",
        "PERCPU_ARRAY, 6"
    })
    void elementsAreVisited(MapType type, long sum) {
        var map = create(type, 4, 8, 4);
        for (int i = 0; i < 4; i++) {
            map.update(u32(i), new byte[map.userValueSize()], UpdateFlag.ANY);
        }

        assertThat(run(WALK, map)).isEqualTo(sum);
    }

    /** More elements than a run can reach pieces of memory, which is the same for all engines. */
    @EnabledIfSystemProperty(named = "jsockmap.engine", matches = "compiled")
    @Test
    void elementsWithoutEndAreVisited() {
        long count = (1 << 20) + 10;
        var map = create(MapType.ARRAY, 4, 8, count);

        assertThat(run(WALK, map)).isEqualTo(count * (count - 1) / 2);
    }

    @Test
    void aKeyThatIsKeptReachesNothingBehindTheLoop() {
        hash.update(u32(1), u64(1), UpdateFlag.ANY);
        var keep =
                WALK.replace("r0 = *(u64 *)(r4 + 0)", "*(u64 *)(r4 + 0) = r2")
                        .replace("r0 += r1\n*(u64 *)(r4 + 0) = r0\n", "")
                        .replace("exit\ncallback:", "r0 = *(u32 *)(r0 + 0)\nexit\ncallback:")
                        .replace("+7", "+8");

        assertThat(fault(keep, hash)).contains("key of map", "by a pointer from before");
    }

    @Test
    void theCallbackMayNotWriteTheKey() {
        hash.update(u32(1), u64(1), UpdateFlag.ANY);

        assertThat(fault(WALK.replace("r1 = *(u32 *)(r2 + 0)", "*(u32 *)(r2 + 0) = r1"), hash))
                .contains("key of map")
                .contains("is read-only");
    }

    // --- Storage ---------------------------------------------------------------------------------

    private static final String GET =
            "r2 = r1\n*(u64 *)(r10 - 8) = 40\nr3 = %s\nr4 = %d\n"
                    + MAP
                    + "call 107\nif r0 != 0 goto +2\nr0 = -1\nexit\n"
                    + "r1 = *(u64 *)(r0 + 0)\nr1 += 1\n*(u64 *)(r0 + 0) = r1\nr0 = r1\nexit";

    @Test
    void aValueIsKeptForASocket() {
        var map = storage();

        assertThat(run(GET.formatted("0", 0), map)).isEqualTo(-1);
        assertThat(run(GET.formatted("0", 2), map)).isEqualTo(-1);
        assertThat(run(GET.formatted("0", 1), map)).isEqualTo(1);
        assertThat(run(GET.formatted("0", 0), map)).isEqualTo(2);
        assertThat(map.lookup(packet)).hasValue(u64(2));
        assertThat(run("r2 = r1\n" + MAP + "call 108\nexit", map)).isZero();
        assertThat(run("r2 = r1\n" + MAP + "call 108\nexit", map)).isEqualTo(-2);
    }

    @Test
    void aValueBeginsAsTheProgramSays() {
        assertThat(run(GET.formatted("r10\nr3 += -8", 1), storage())).isEqualTo(41);
    }

    @Test
    void withoutASocketThereIsNoValue() {
        var map = storage();

        assertThat(run("r1 = 0\n" + GET.formatted("0", 1), map)).isEqualTo(-1);
        assertThat(run("r2 = 0\n" + MAP + "call 108\nexit", map)).isEqualTo(-22);
        assertThat(fault("r1 = r10\n" + GET.formatted("0", 1), map)).contains("is not a context");
    }

    private SkStorageMap storage() {
        return new SkStorageMap(
                MapDefinition.of("per_socket", MapType.SK_STORAGE, 4, 8, 0)
                        .withFlags(1)
                        .withTypes(1, 2));
    }

    private long run(String code, BpfMap... maps) {
        return run(code, new ContextRegion<>("context", NOTHING, packet), maps);
    }

    private static long run(String code, ContextRegion<Object> context, BpfMap... maps) {
        var program =
                new Program(
                        "trial", TYPE, Assembler.assemble(code), List.of(maps), new TreeMap<>());
        return Engines.tested().run(program, Environment.system(), context).value();
    }

    private String fault(String code, BpfMap... maps) {
        return assertThrows(ProgramFault.class, () -> run(code, maps)).getMessage();
    }

    private static BpfMap create(MapType type, int key, int value, long count) {
        return MapKinds.plain().create(MapDefinition.of("m", type, key, value, count));
    }

    private static byte[] u32(int number) {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
    }

    private static byte[] u64(long number) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    }
}
