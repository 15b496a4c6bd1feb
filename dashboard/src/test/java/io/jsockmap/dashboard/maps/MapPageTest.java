package io.jsockmap.dashboard.maps;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.Key;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.memory.Region;
import io.jsockmap.dashboard.Stage;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/** Maps in pages. */
class MapPageTest {
    private static BpfMap map(MapType type, int entries) {
        return MapKinds.plain().create(MapDefinition.of("m", type, 4, 8, entries));
    }

    private static byte[] number(int number, int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).putInt(number).array();
    }

    /** A map of the numbers from 0, each its own value, that counts how many keys were taken. */
    private static final class Numbers extends BpfMap {
        private final AtomicInteger taken;

        Numbers(int count, AtomicInteger taken) {
            super(MapDefinition.of("numbers", MapType.HASH, 4, 4, count));
            this.taken = taken;
        }

        @Override
        public OptionalLong count() {
            return OptionalLong.of(maxEntries());
        }

        @Override
        protected Optional<byte[]> find(byte[] key) {
            return Optional.of(key);
        }

        @Override
        protected Optional<byte[]> following(byte[] key) {
            int next =
                    key == null
                            ? 0
                            : ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt() + 1;
            if (next == maxEntries()) return Optional.empty();
            taken.incrementAndGet();
            return Optional.of(number(next, 4));
        }

        @Override
        protected void put(byte[] key, byte[] value, UpdateFlag flag) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected void remove(byte[] key) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Region lookupFromProgram(Key key) {
            throw new UnsupportedOperationException();
        }
    }

    private static MapPage page(BpfMap map, int number) {
        return MapPage.of(map, Optional.empty(), number);
    }

    @Test
    void anArrayIsReadWhereItIsShown() {
        var map = map(MapType.ARRAY, 250);
        map.update(number(201, 4), number(7, 8), UpdateFlag.ANY);

        var page = page(map, 3);

        assertThat(page.number()).isEqualTo(3);
        assertThat(page.pages()).isEqualTo(3);
        assertThat(page.entries()).hasSize(50);
        assertThat(page.entries().get(1)).isEqualTo(new MapPage.Entry("201", "7"));
    }

    @Test
    void thePagesOfAHashHaveEachKeyOnce() {
        var map = map(MapType.HASH, 1000);
        for (int key = 0; key < 150; key++) {
            map.update(number(key, 4), number(key, 8), UpdateFlag.ANY);
        }

        assertThat(page(map, 1).entries())
                .hasSize(100)
                .doesNotContainAnyElementsOf(page(map, 2).entries());
        assertThat(page(map, 2).entries()).hasSize(50);
    }

    @Test
    void aPageBehindTheLastIsTheLast() {
        assertThat(page(map(MapType.ARRAY, 5), 99).number()).isOne();
        assertThat(page(map(MapType.ARRAY, 5), -1).number()).isOne();
        assertThat(page(map(MapType.HASH, 5), 1).entries()).isEmpty();
    }

    @Test
    void eachCpuHasAValueOfItsOwn() {
        var map = map(MapType.PERCPU_ARRAY, 1);
        assertThat(page(map, 1).entries().getFirst().value()).startsWith("CPU 0: 0; CPU 1: 0");
    }

    @Test
    void aPageTakesNoMoreKeysThanItShows() {
        var taken = new AtomicInteger();
        var map = new Numbers(1_000_000, taken);

        var page = page(map, 1);

        assertThat(page.pages()).isEqualTo(10_000);
        assertThat(page.entries()).hasSize(100);
        assertThat(taken).hasValueLessThanOrEqualTo(101);
        assertThat(page(map, 10_000).entries().getLast().key()).isEqualTo("999999");
    }

    @Test
    void aMapWithoutKeysSaysSo() {
        var queue = MapKinds.plain().create(MapDefinition.of("q", MapType.QUEUE, 0, 8, 5));
        assertThat(page(queue, 1).entries()).isEmpty();
        assertThat(page(queue, 1).problem()).contains("a queue has no keys");
    }

    @Test
    void aMapThatApplicationsCannotReadSaysSo() {
        var hidden =
                MapKinds.plain()
                        .create(
                                MapDefinition.of("w", MapType.HASH, 4, 8, 5)
                                        .withFlags(BpfMap.WRONLY));
        assertThat(page(hidden, 1).problem()).startsWith("EPERM: map w (hash)");
    }

    @Test
    void aMapOfSocketsShowsTheirKeysByTypeAndTheirEnds() {
        try (var stage = new Stage()) {
            var client = stage.connect();
            var servers = stage.object().map("servers");

            var entries = MapPage.of(servers, stage.object().spec().btf(), 1).entries();

            assertThat(entries)
                    .contains(
                            new MapPage.Entry(
                                    "{client=%d, choice=1, zero=0}".formatted(client.cookie()),
                                    "socket " + stage.socket("upstream2")));
        }
    }
}
