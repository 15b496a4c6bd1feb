package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.number;
import static io.jsockmap.bpf.map.Bytes.u32;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.map.Batch.Element;
import io.jsockmap.bpf.map.Batch.Page;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;

/** Many elements at once. */
class BatchTest {
    private static final int COUNT = 100;

    private final HashMap hash = new HashMap(MapDefinition.of("h", MapType.HASH, 4, 8, COUNT));

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 99, 100, 101, Integer.MAX_VALUE})
    void pagesTogetherHaveEachElementOnce(int size) {
        fill();
        List<Long> values = new ArrayList<>();

        var page = hash.batch().lookup(size);
        values.addAll(valuesOf(page, size));
        while (page.next().isPresent()) {
            page = hash.batch().lookup(page.next().get(), size);
            values.addAll(valuesOf(page, size));
        }

        assertThat(values).containsExactlyInAnyOrderElementsOf(upTo(COUNT));
    }

    private static List<Long> valuesOf(Page page, int size) {
        assertThat(page.elements()).hasSizeLessThanOrEqualTo(size);
        return page.elements().stream()
                .map(
                        e -> {
                            assertThat(IndexKey.indexOf(e.key())).isEqualTo(number(e.value()));
                            return number(e.value());
                        })
                .toList();
    }

    private static List<Long> upTo(long count) {
        return LongStream.range(0, count).boxed().toList();
    }

    @Test
    void anEmptyMapHasOneEmptyPage() {
        assertThat(hash.batch().lookup(10)).isEqualTo(new Page(List.of(), Optional.empty()));
    }

    @Test
    void aPageOfNothingBeginsAtTheSamePlace() {
        fill();

        var none = hash.batch().lookup(0);
        assertThat(none.elements()).isEmpty();
        var all = hash.batch().lookup(none.next().orElseThrow(), 1000);

        assertThat(all.elements()).hasSize(COUNT);
    }

    @Test
    void elementsThatStayAreMetThoughOthersComeAndGo() {
        fill();
        Set<Long> met = new HashSet<>(valuesOf(hash.batch().lookup(10), 10));
        var page = hash.batch().lookup(10);
        met.addAll(valuesOf(page, 10));

        for (int i = 50; i < 100; i++) hash.delete(u32(i));
        while (page.next().isPresent()) {
            page = hash.batch().lookup(page.next().get(), 10);
            met.addAll(valuesOf(page, 10));
        }

        assertThat(met).containsAll(upTo(50));
    }

    @Test
    void elementsAreTakenOutPageByPage() {
        fill();

        var first = hash.batch().lookupAndDelete(30);
        assertThat(first.elements()).hasSize(30);
        assertThat(hash.keys()).hasSize(70);
        var rest = hash.batch().lookupAndDelete(first.next().orElseThrow(), 1000);

        assertThat(rest.elements()).hasSize(70);
        assertThat(rest.next()).isEmpty();
        assertThat(hash.keys()).isEmpty();
        hash.update(u32(1), u64(1), UpdateFlag.ANY);
    }

    @Test
    void twoWhoTakeAtTheSameTimeShareTheElements() throws Exception {
        fill();
        var taken = new ConcurrentLinkedQueue<Long>();

        Threads.run(
                4,
                _ -> {
                    var page = hash.batch().lookupAndDelete(3);
                    taken.addAll(valuesOf(page, 3));
                    while (page.next().isPresent()) {
                        page = hash.batch().lookupAndDelete(page.next().get(), 3);
                        taken.addAll(valuesOf(page, 3));
                    }
                });

        assertThat(taken).containsExactlyInAnyOrderElementsOf(upTo(COUNT));
    }

    @Test
    void elementsArePutInAndTakenOutByTheirKeys() {
        hash.batch().update(elements(COUNT));
        assertThat(hash.keys()).hasSize(COUNT);

        hash.batch().delete(List.of(u32(3), u32(4)));

        assertThat(hash.lookup(u32(3))).isEmpty();
        assertThat(hash.keys()).hasSize(COUNT - 2);
    }

    @Test
    void aBatchEndsAtTheFirstElementThatIsRefused() {
        var refused =
                assertThrows(BatchException.class, () -> hash.batch().update(elements(COUNT + 10)));
        assertThat(refused.errno()).isEqualTo(Errno.E2BIG);
        assertThat(refused.done()).isEqualTo(COUNT);
        assertThat(refused)
                .hasMessageContaining("E2BIG: map h (hash): all 100 entries are in use")
                .hasMessageEndingWith("(after 100 of 110 elements)");

        var missing =
                assertThrows(
                        BatchException.class,
                        () -> hash.batch().delete(List.of(u32(0), u32(1), u32(0), u32(2))));
        assertThat(missing.errno()).isEqualTo(Errno.ENOENT);
        assertThat(missing.done()).isEqualTo(2);
        assertThat(hash.lookup(u32(2))).isPresent();
    }

    @Test
    void elementsOfAnotherSizeAreRefused() {
        Refusal.of(Errno.EINVAL, () -> hash.batch().update(List.of(new Element(u64(0), u64(0)))));
        Refusal.of(Errno.EINVAL, () -> hash.batch().update(List.of(new Element(u32(0), u32(0)))));
        Refusal.of(Errno.EINVAL, () -> hash.batch().lookup(-1));
        Refusal.of(Errno.EINVAL, () -> hash.batch().lookupAndDelete(-1));
    }

    @Test
    void aCursorIsForItsOwnMap() {
        fill();
        var cursor = hash.batch().lookup(1).next().orElseThrow();
        var other = new HashMap(MapDefinition.of("other", MapType.HASH, 4, 8, 1));

        assertThat(Refusal.of(Errno.EINVAL, () -> other.batch().lookup(cursor, 1)))
                .hasMessageContaining("map other (hash): a cursor of map h");
    }

    @Test
    void whoMayNotReadOrWriteGetsThatErrnoFirst() {
        for (var type : List.of(MapType.HASH, MapType.ARRAY)) {
            var definition = MapDefinition.of("m", type, 4, 8, 1);
            var readOnly = MapKinds.plain().create(definition.withFlags(BpfMap.RDONLY));
            var writeOnly = MapKinds.plain().create(definition.withFlags(BpfMap.WRONLY));

            Refusal.of(Errno.EPERM, () -> readOnly.batch().update(List.of()));
            Refusal.of(Errno.EPERM, () -> readOnly.batch().delete(List.of()));
            Refusal.of(Errno.EPERM, () -> readOnly.batch().lookupAndDelete(1));
            Refusal.of(Errno.EPERM, () -> readOnly.lookupAndDelete(u32(0)));
            Refusal.of(Errno.EPERM, () -> writeOnly.batch().lookup(1));
            Refusal.of(Errno.EPERM, () -> writeOnly.batch().lookupAndDelete(1));
            Refusal.of(Errno.EPERM, () -> writeOnly.lookupAndDelete(u32(0)));
            assertThat(readOnly.batch().lookup(1)).isNotNull();
            writeOnly.batch().update(List.of());
        }
    }

    /** The operations of each kind, as the kernel's tables have them. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    HASH, 4, LOOKUP LOOKUP_AND_DELETE UPDATE DELETE, true
                    LRU_HASH, 4, LOOKUP LOOKUP_AND_DELETE UPDATE DELETE, true
                    PERCPU_HASH, 4, LOOKUP LOOKUP_AND_DELETE UPDATE DELETE, true
                    LRU_PERCPU_HASH, 4, LOOKUP LOOKUP_AND_DELETE UPDATE DELETE, true
                    HASH_OF_MAPS, 4, LOOKUP LOOKUP_AND_DELETE UPDATE DELETE, false
                    ARRAY, 4, LOOKUP UPDATE, false
                    PERCPU_ARRAY, 4, LOOKUP UPDATE, false
                    ARRAY_OF_MAPS, 4, LOOKUP UPDATE, false
                    LPM_TRIE, 8, LOOKUP UPDATE DELETE, false
                    QUEUE, 0, '', true
                    STACK, 0, '', true
                    BLOOM_FILTER, 0, '', false
                    PROG_ARRAY, 4, '', false
                    PERF_EVENT_ARRAY, 4, '', false
                    """)
    void whatAKindHas(MapType type, int keySize, String operations, boolean takesOne) {
        int flags = type == MapType.LPM_TRIE ? HashRules.NO_PREALLOC : 0;
        var inner = MapDefinition.of("inner", MapType.ARRAY, 4, 4, 1);
        var definition = MapDefinition.of("m", type, keySize, 4, 4).withFlags(flags).holding(inner);
        var map = MapKinds.plain().create(definition);

        Set<String> found = new HashSet<>();
        add(found, "LOOKUP", () -> map.batch().lookup(1));
        add(found, "LOOKUP_AND_DELETE", () -> map.batch().lookupAndDelete(1));
        add(found, "UPDATE", () -> map.batch().update(List.of()));
        add(found, "DELETE", () -> map.batch().delete(List.of()));

        var expected = operations.isEmpty() ? Set.<String>of() : Set.of(operations.split(" "));
        assertThat(found).isEqualTo(expected);
        if (takesOne) Refusal.of(Errno.ENOENT, () -> map.lookupAndDelete(new byte[keySize]));
    }

    private static void add(Set<String> found, String operation, Runnable call) {
        try {
            call.run();
            found.add(operation);
        } catch (MapException e) {
            assertThat(e.errno()).isEqualTo(Errno.ENOTSUPP);
        }
    }

    @Test
    void oneElementIsTakenOutWithItsValue() {
        fill();

        assertThat(hash.lookupAndDelete(u32(7))).isEqualTo(u64(7));

        assertThat(hash.lookup(u32(7))).isEmpty();
        Refusal.of(Errno.ENOENT, () -> hash.lookupAndDelete(u32(7)));
        Refusal.of(Errno.EINVAL, () -> hash.lookupAndDelete(u64(7)));
        hash.update(u32(COUNT), u64(0), UpdateFlag.NOEXIST);
    }

    @Test
    void anArrayIsReadAndWrittenInBatches() {
        var array = new ArrayMap(MapDefinition.of("a", MapType.ARRAY, 4, 8, 3));

        array.batch().update(elements(3));

        assertThat(array.batch().lookup(10).elements())
                .extracting(e -> number(e.value()))
                .containsExactly(0L, 1L, 2L);
    }

    private static List<Element> elements(int count) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) elements.add(new Element(u32(i), u64(i)));
        return elements;
    }

    private void fill() {
        hash.batch().update(elements(COUNT));
    }
}
