package io.jsockmap.bpf.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Fixtures;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.BloomFilterMap;
import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapOfMaps;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.PerfEventArrayMap;
import io.jsockmap.bpf.map.PerfReader;
import io.jsockmap.bpf.map.RingBufferMap;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.program.ProgramFault;
import io.jsockmap.bpf.program.ProgramType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Compiled programs with maps that are more than keys and values. */
class MapObjectsTest {
    private final Loaded events = Loaded.of("event-maps");

    @Test
    void aLoaderFillsInTheSizesThatAFileLeavesOpen() {
        assertThat(events.map("ring").maxEntries()).isEqualTo(8192);
        assertThat(events.map("perf").maxEntries()).isEqualTo(Cpu.COUNT);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 4096", "4096, 4096", "4097, 8192", "4294967295, 4294967295"})
    void aRingBufferIsWholePages(long asked, long made) {
        var definition = MapDefinition.of("ring", MapType.RINGBUF, 0, 0, asked);

        assertThat(MapFilling.fill(definition).maxEntries()).isEqualTo(made);
    }

    @Test
    void onlyWhatIsLeftOpenIsFilledIn() {
        var open = MapDefinition.of("perf", MapType.PERF_EVENT_ARRAY, 0, 0, 0);
        var filled = MapDefinition.of("perf", MapType.PERF_EVENT_ARRAY, 4, 4, Cpu.COUNT);
        var wrong = MapDefinition.of("perf", MapType.PERF_EVENT_ARRAY, 8, 8, 1);
        var hash = MapDefinition.of("hash", MapType.HASH, 0, 0, 0);

        assertThat(MapFilling.fill(open)).isEqualTo(filled);
        assertThat(MapFilling.fill(wrong)).isEqualTo(wrong);
        assertThat(MapFilling.fill(hash)).isEqualTo(hash);
    }

    @Test
    void recordsOfARingBuffer() {
        assertThat(events.run("record")).isEqualTo(32 + 16 + 32);

        var ring = (RingBufferMap) events.map("ring");
        var first = ring.poll().orElseThrow();
        assertThat(first[0]).isEqualTo((byte) 1);
        assertThat(new String(first, 8, 8, US_ASCII)).isEqualTo("reserved");
        var second = ring.poll().orElseThrow();
        assertThat(second[0]).isEqualTo((byte) 2);
        assertThat(new String(second, 8, 6, US_ASCII)).isEqualTo("copied");
        assertThat(ring.poll()).isEmpty();
    }

    @Test
    void aRecordThatAProgramLeavesBehindStopsNobody() {
        var options = LoadOptions.DEFAULT.withType("leave", Fixtures.PLAIN).unverified();
        var events = Loaded.of("event-maps", options);

        assertThat(assertThrows(ProgramFault.class, () -> events.run("leave")))
                .hasMessageContaining("record of ring buffer ring");
        events.run("record");

        assertThat(((RingBufferMap) events.map("ring")).poll()).isPresent();
    }

    @Test
    void aFullRingBufferIsAnErrorThatTheProgramSees() {
        int runs = 0;
        while (events.run("record") > 0) runs++;

        assertThat(runs).isEqualTo(8192 / 80);
        assertThat(events.run("record")).isIn(-1, -11);
    }

    @Test
    void recordsOfPerfBuffers() {
        assertThat(events.run("report")).isEqualTo(-2);
        var readers = ((PerfEventArrayMap) events.map("perf")).openAll(4096);

        assertThat(events.run("report")).isZero();

        var records = readers.stream().map(PerfReader::poll).flatMap(Optional::stream).toList();
        assertThat(records).hasSize(1);
        assertThat(records.getFirst()[0]).isEqualTo((byte) 3);
        assertThat(new String(records.getFirst(), 8, 8, US_ASCII)).isEqualTo("reported");
    }

    @Test
    void aQueueAndAStack() {
        assertThat(events.run("shift")).isEqualTo(30);
        assertThat(events.map("stack").lookupAndDelete(new byte[0])).isEqualTo(IndexKey.of(3));
        assertThat(events.map("stack").lookupAndDelete(new byte[0])).isEqualTo(IndexKey.of(2));
        assertThat(events.map("stack").lookup(new byte[0])).isEmpty();
    }

    @Test
    void aBloomFilter() {
        assertThat(events.run("notice")).isEqualTo(-2);
        assertThat(events.run("notice")).isZero();
        assertThat(((BloomFilterMap) events.map("seen")).mayContain(longs(7))).isTrue();
    }

    @Test
    void aTrieOfPrefixes() {
        assertThat(events.run("route")).isEqualTo(-1);
        events.map("routes")
                .update(new byte[] {8, 0, 0, 0, 10, 0, 0, 0}, IndexKey.of(8), UpdateFlag.ANY);
        assertThat(events.run("route")).isEqualTo(8);
        events.map("routes")
                .update(new byte[] {24, 0, 0, 0, 10, 1, 2, 0}, IndexKey.of(24), UpdateFlag.ANY);
        assertThat(events.run("route")).isEqualTo(24);
    }

    @Test
    void aWalkThroughAnArrayIsStoppedByTheCallback() {
        for (int i = 0; i < 4; i++) {
            events.map("numbers").update(IndexKey.of(i), longs(i + 1), UpdateFlag.ANY);
        }
        events.object().variable("stop_at").set(2);

        assertThat(events.run("walk_array")).isEqualTo(3);

        assertThat(events.variable("sum")).isEqualTo(100 * (1 + 2) + 1 + 2 + 3);
        assertThat(events.run("walk_with_flags")).isEqualTo(-22);
    }

    @Test
    void aWalkThroughAHashSeesEachElementOnce() {
        for (int i = 1; i <= 5; i++) {
            events.map("flows").update(IndexKey.of(i), longs(1000L * i), UpdateFlag.ANY);
        }

        assertThat(events.run("walk_hash")).isEqualTo(5005);

        assertThat(events.variable("sum")).isEqualTo(15 * 100 + 15 * 1000);
    }

    @Test
    void elementsMayBeDeletedDuringTheWalk() {
        for (int i = 0; i < 8; i++) {
            events.map("flows").update(IndexKey.of(i), longs(0), UpdateFlag.ANY);
        }

        assertThat(events.run("clear_hash")).isEqualTo(8);

        assertThat(events.map("flows").keys()).isEmpty();
        assertThat(events.run("clear_hash")).isZero();
    }

    @Test
    void aHashPerCpu() {
        assertThat(events.run("count")).isEqualTo(5);
        assertThat(events.run("count")).isEqualTo(10);
        assertThat(events.run("count")).isEqualTo(15);
        var values = events.map("counts").lookup(IndexKey.of(1)).orElseThrow();
        long sum = 0;
        for (int at = 0; at < values.length; at += 8) {
            sum += number(Arrays.copyOfRange(values, at, at + 8));
        }
        assertThat(sum).isEqualTo(15);
    }

    // --- Maps of maps ----------------------------------------------------------------------------

    @Test
    void mapsInAMapByTheirIndex() {
        var maps = Loaded.of("btf-maps");
        var left = maps.map("inner_left");
        left.update(IndexKey.of(0), IndexKey.of(11), UpdateFlag.ANY);
        maps.map("inner_right").update(IndexKey.of(0), IndexKey.of(22), UpdateFlag.ANY);
        var outer = (MapOfMaps) maps.map("outer");

        assertThat(outer.map(IndexKey.of(0))).hasValue(left);
        assertThat(outer.map(IndexKey.of(1))).isEmpty();
        assertThat(outer.map(IndexKey.of(2))).hasValue(maps.map("inner_right"));
        maps.setInt("inner_left", 0, 11);
        maps.set("sized", 0, ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN).putInt(1));
        assertThat(maps.run("dispatch")).isEqualTo(-1);
        outer.update(IndexKey.of(1), left, UpdateFlag.ANY);
        assertThat(maps.run("dispatch")).isEqualTo(311);
    }

    @Test
    void aProgramUsesTheMapThatItFound() {
        var maps = Loaded.of("nested-maps");

        assertThat(maps.run("count")).isEqualTo(1);
        assertThat(maps.run("count")).isEqualTo(2);
        assertThat(maps.map("gold").lookup(IndexKey.of(7))).hasValue(longs(2));
        maps.object().variable("tenant").set(3);
        assertThat(maps.run("count")).isEqualTo(1);
        assertThat(maps.map("silver").lookup(IndexKey.of(7))).hasValue(longs(1));
        maps.object().variable("tenant").set(1);
        assertThat(maps.run("count")).isEqualTo(-1);
    }

    @Test
    void anApplicationPutsAMapIntoAMap() {
        var maps = Loaded.of("nested-maps");
        var sized = (MapOfMaps) maps.map("sized");
        var ten = new ArrayMap(sized.inner().withMaxEntries(10));
        ten.update(IndexKey.of(5), IndexKey.of(55), UpdateFlag.ANY);

        assertThat(maps.run("fifth")).isEqualTo(-1);
        sized.update(IndexKey.of(0), ten, UpdateFlag.ANY);
        assertThat(maps.run("fifth")).isEqualTo(55);
        Refusal.of(
                Errno.EINVAL, () -> sized.update(IndexKey.of(1), maps.map("gold"), UpdateFlag.ANY));
    }

    @Test
    void oldMapsOfMapsWork() {
        var maps = Loaded.of("legacy-inner");
        maps.setInt("inner_at_one", 0, 77);

        assertThat(maps.run("look")).isEqualTo(77);
    }

    /** The second object finds the map as the first one left it, and its own tables stay out. */
    @Test
    void aMapOfMapsPinnedByItsNameIsShared() {
        var pinned = new PinnedMaps();
        var first = load("nested-maps", pinned);
        first.run("count");
        ((MapOfMaps) first.map("tenants"))
                .update(IndexKey.of(1), first.map("silver"), UpdateFlag.ANY);
        var second = load("nested-maps", pinned);

        assertThat(second.map("tenants")).isSameAs(first.map("tenants"));
        assertThat(second.map("gold")).isNotSameAs(first.map("gold"));
        assertThat(((MapOfMaps) second.map("tenants")).map(IndexKey.of(0)))
                .hasValue(first.map("gold"));
        assertThat(second.run("count")).isEqualTo(2);
        second.object().variable("tenant").set(1);
        assertThat(second.run("count")).isEqualTo(1);
    }

    @Test
    void aPinnedMapForOtherMapsIsRefused() {
        var pinned = new PinnedMaps();
        load("nested-maps", pinned);
        var tenants = definition("tenants");
        var other = tenants.holding(tenants.inner().orElseThrow().withSizes(8, 8));

        assertThat(Refusal.of(Errno.EINVAL, () -> pinned.shared(other, _ -> null)))
                .hasMessageContaining("map tenants (hash_of_maps)")
                .hasMessageContaining("pinned already and differs");
    }

    private static MapDefinition definition(String map) {
        return Fixtures.object("nested-maps").maps().stream()
                .map(MapSpec::definition)
                .filter(d -> d.name().equals(map))
                .findFirst()
                .orElseThrow();
    }

    private static Loaded load(String object, PinnedMaps pinned) {
        var loader = new ObjectLoader(MapKinds.plain(), _ -> Optional.of(Fixtures.PLAIN), pinned);
        return new Loaded(loader.load(Fixtures.object(object), LoadOptions.DEFAULT));
    }

    /** Only a use is an error, as for every map that can't be made. */
    @Test
    void aMapThatCanNotBeFilledMattersOnlyToWhoUsesIt() {
        var larger = LoadOptions.DEFAULT.withMaxEntries("inner_left", 2);

        var unused = loadOnly("on_first", larger);

        assertThat(unused.programs().keySet()).containsExactly("on_first");
        assertThat(Refusal.of(Errno.EINVAL, () -> unused.map("outer")))
                .hasMessageContaining("map inner_left differs from what it is for");
        Refusal.of(Errno.EINVAL, () -> loadOnly("dispatch", larger));
    }

    private static LoadedObject loadOnly(String program, LoadOptions options) {
        var loader =
                new ObjectLoader(
                        MapKinds.plain(),
                        p -> Optional.of(Fixtures.PLAIN).filter(_ -> p.name().equals(program)),
                        new PinnedMaps());
        return loader.load(Fixtures.object("btf-maps"), options);
    }

    // --- Types of programs in an array -----------------------------------------------------------

    @Test
    void allThatUseAnArrayOfProgramsAreOfOneType() {
        var other = new ProgramType("other", 1, Fixtures.PLAIN.context(), Fixtures.PLAIN.helpers());
        var mixed = LoadOptions.DEFAULT.withType("outside", other);

        assertThat(
                        Refusal.of(
                                Errno.EINVAL,
                                () -> Loaded.loader().load(Fixtures.object("tail-calls"), mixed)))
                .hasMessageContaining("map jumps (prog_array): a program of type other")
                .hasMessageContaining("the map is for programs of type plain");
        assertThat(Loaded.of("tail-calls", List.of("entry")).object().programs()).hasSize(1);
    }

    private static byte[] longs(long number) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    }

    private static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }
}
