package io.jsockmap.bpf.examples;

import static io.jsockmap.bpf.examples.Numbers.u32;
import static io.jsockmap.bpf.examples.Numbers.u64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.ArrayMap;
import io.jsockmap.bpf.map.Batch;
import io.jsockmap.bpf.map.BatchException;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.HashMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.map.LruHashMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapException;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.MappedMemory;
import io.jsockmap.bpf.map.SpecialField;
import io.jsockmap.bpf.map.UpdateFlag;

import org.junit.jupiter.api.Test;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How an application makes maps, and uses those of keys and values. */
class MapExamples {
    @Test
    void aMapIsMadeByItsDefinition() {
        // @start region="hash"
        MapDefinition definition = MapDefinition.of("bytes_per_port", MapType.HASH, 4, 8, 1000);
        BpfMap bytesPerPort = MapKinds.plain().create(definition);

        bytesPerPort.update(u32(443), u64(100), UpdateFlag.NOEXIST);
        bytesPerPort.update(u32(443), u64(250), UpdateFlag.ANY);

        assertThat(bytesPerPort.lookup(u32(443))).hasValue(u64(250));
        assertThat(bytesPerPort.lookup(u32(80))).isEmpty();
        assertThat(bytesPerPort.count()).hasValue(1);
        // @end
    }

    @Test
    void aFullHashRefusesWhatAnLruHashMakesRoomFor() {
        // @start region="full"
        HashMap all = new HashMap(MapDefinition.of("all", MapType.HASH, 4, 8, 2));
        LruHashMap recent = new LruHashMap(MapDefinition.of("recent", MapType.LRU_HASH, 4, 8, 2));
        for (HashMap map : List.of(all, recent)) {
            map.update(u32(1), u64(10), UpdateFlag.ANY);
            map.update(u32(2), u64(20), UpdateFlag.ANY);
        }

        recent.update(u32(3), u64(30), UpdateFlag.ANY);
        assertThat(recent.lookup(u32(3))).isPresent();

        MapException full =
                catchThrowableOfType(
                        MapException.class, () -> all.update(u32(3), u64(30), UpdateFlag.ANY));
        assertThat(full.errno()).isEqualTo(Errno.E2BIG);
        assertThat(full.map()).isEqualTo("all");
        // @end
        assertThat(recent.count()).hasValue(2);
    }

    @Test
    void anErrnoSaysWhyAnOperationIsRefused() {
        var limits = new HashMap(MapDefinition.of("limits", MapType.HASH, 4, 8, 10));
        limits.freeze();
        String told;
        // @start region="errno"
        try {
            limits.delete(u32(443));
            told = "deleted";
        } catch (BpfException refused) {
            told =
                    switch (refused.errno()) {
                        case Errno.ENOENT -> "it was not there";
                        case Errno.EPERM -> "only programs change it";
                        default -> throw refused;
                    };
        }
        // @end
        assertThat(told).isEqualTo("only programs change it");
    }

    @Test
    void anArrayHasAllItsElementsFromTheStartAndIsReachedAsMemory() {
        // @start region="array"
        ArrayMap limits = new ArrayMap(MapDefinition.of("limits", MapType.ARRAY, 4, 8, 3));
        limits.update(IndexKey.of(2), u64(500), UpdateFlag.ANY);

        assertThat(limits.keys()).extracting(IndexKey::indexOf).containsExactly(0L, 1L, 2L);
        assertThat(limits.lookup(IndexKey.of(0))).hasValue(u64(0));

        // What is written here programs see at once.
        MappedMemory memory = limits;
        memory.mapped().setAtIndex(ValueLayout.JAVA_LONG, 0, 77);
        assertThat(limits.lookup(IndexKey.of(0))).hasValue(u64(77));
        // @end
    }

    @Test
    void keysAreComparedByTheirBytes() {
        var flows = new HashMap(MapDefinition.of("flows", MapType.HASH, 4, 8, 10));
        flows.update(u32(1), u64(10), UpdateFlag.ANY);
        Runnable traffic = () -> flows.update(u32(2), u64(20), UpdateFlag.ANY);
        // @start region="key"
        Map<Key, byte[]> before = new TreeMap<>();
        for (byte[] key : flows.keys()) {
            before.put(Key.of(key), flows.lookup(key).orElseThrow());
        }

        traffic.run();

        List<Key> added =
                flows.keys().stream().map(Key::of).filter(k -> !before.containsKey(k)).toList();
        assertThat(added).containsExactly(Key.of(u32(2)));
        // @end
    }

    @Test
    void manyElementsAreChangedAndReadAtOnce() {
        var ports = new HashMap(MapDefinition.of("ports", MapType.HASH, 4, 8, 10));
        // @start region="batch"
        Batch batch = ports.batch();
        batch.update(
                List.of(
                        new Batch.Element(u32(80), u64(1)),
                        new Batch.Element(u32(443), u64(2)),
                        new Batch.Element(u32(8080), u64(3))));

        Batch.Page first = batch.lookup(2);
        Batch.Page rest = batch.lookup(first.next().orElseThrow(), 2);
        assertThat(rest.elements()).hasSize(1);

        BatchException refused =
                catchThrowableOfType(
                        BatchException.class, () -> batch.delete(List.of(u32(80), u32(81))));
        assertThat(refused.done()).isEqualTo(1);
        // @end
        assertThat(refused.errno()).isEqualTo(Errno.ENOENT);
        assertThat(first.elements()).hasSize(2);
        assertThat(rest.next()).isEmpty();
        assertThat(ports.count()).hasValue(2);
    }

    @Test
    void aDefinitionSaysWhatProgramsReachByHelpersOnly() {
        // @start region="special"
        SpecialField lock = new SpecialField(SpecialField.Kind.SPIN_LOCK, 0);
        SpecialField timer = new SpecialField(SpecialField.Kind.TIMER, 8);
        MapDefinition flows =
                MapDefinition.of("flows", MapType.HASH, 4, 32, 100)
                        .withSpecial(List.of(lock, timer));

        // Whether a program may store 8 bytes at 16 of a value:
        Optional<SpecialField> touched =
                flows.special().stream().filter(field -> field.overlaps(16, 24)).findFirst();
        assertThat(touched).hasValue(timer);
        // @end
    }
}
