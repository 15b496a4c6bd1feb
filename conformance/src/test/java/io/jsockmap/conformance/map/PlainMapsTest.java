package io.jsockmap.conformance.map;

import static io.jsockmap.conformance.lab.Stream.assertFails;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.Batch.Element;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.RingBuffer;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Needs;
import io.jsockmap.conformance.lab.WithoutTraffic;
import io.jsockmap.sockmap.Capability;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Maps that hold no sockets: the same calls, the same errors. */
@EngineTest
@WithoutTraffic
class PlainMapsTest {
    @ParameterizedTest
    @EnumSource(
            value = MapType.class,
            names = {"HASH", "LRU_HASH", "ARRAY"})
    @DisplayName("what was set is found")
    void updateAndLookup(MapType type, Lab lab) {
        var map = map(type, lab);

        map.update(IndexKey.of(1), value("eightbyt"), UpdateFlag.ANY);

        assertThat(map.lookup(IndexKey.of(1))).hasValue(value("eightbyt"));
    }

    @Test
    @DisplayName("NOEXIST and EXIST hold: EEXIST, ENOENT")
    void flags(Lab lab) {
        var map = map(MapType.HASH, lab);
        map.update(IndexKey.of(1), value("eightbyt"), UpdateFlag.NOEXIST);

        assertFails(
                () -> map.update(IndexKey.of(1), value("eightbyt"), UpdateFlag.NOEXIST),
                Errno.EEXIST);
        assertFails(
                () -> map.update(IndexKey.of(2), value("eightbyt"), UpdateFlag.EXIST),
                Errno.ENOENT);
    }

    @Test
    @DisplayName("a full hash gives E2BIG, an index beyond the end too")
    void full(Lab lab) {
        var hash = map(MapType.HASH, lab);
        for (int i = 0; i < 4; i++) hash.update(IndexKey.of(i), value("eightbyt"), UpdateFlag.ANY);

        assertFails(
                () -> hash.update(IndexKey.of(4), value("eightbyt"), UpdateFlag.ANY), Errno.E2BIG);
        assertFails(
                () ->
                        map(MapType.ARRAY, lab)
                                .update(IndexKey.of(4), value("eightbyt"), UpdateFlag.ANY),
                Errno.E2BIG);
    }

    @Test
    @DisplayName("what was deleted is gone; a second time gives ENOENT, an array EINVAL")
    void delete(Lab lab) {
        var map = map(MapType.HASH, lab);
        map.update(IndexKey.of(1), value("eightbyt"), UpdateFlag.ANY);

        map.delete(IndexKey.of(1));

        assertThat(map.lookup(IndexKey.of(1))).isEmpty();
        assertFails(() -> map.delete(IndexKey.of(1)), Errno.ENOENT);
        assertFails(() -> map(MapType.ARRAY, lab).delete(IndexKey.of(1)), Errno.EINVAL);
    }

    @Test
    @DisplayName("lookup-and-delete gives the value, and it is gone")
    void lookupAndDelete(Lab lab) {
        var map = map(MapType.HASH, lab);
        map.update(IndexKey.of(1), value("eightbyt"), UpdateFlag.ANY);

        assertThat(map.lookupAndDelete(IndexKey.of(1))).isEqualTo(value("eightbyt"));

        assertThat(map.keys()).isEmpty();
        assertFails(() -> map.lookupAndDelete(IndexKey.of(1)), Errno.ENOENT);
    }

    @Test
    @DisplayName("a frozen map is read only for applications; a second freeze gives EPERM")
    void freeze(Lab lab) {
        var map = map(MapType.ARRAY, lab);

        map.freeze();

        assertThat(map.isFrozen()).isTrue();
        assertThat(map.lookup(IndexKey.of(0))).isPresent();
        assertFails(
                () -> map.update(IndexKey.of(0), value("eightbyt"), UpdateFlag.ANY), Errno.EPERM);
        assertFails(map::freeze, Errno.EPERM);
    }

    @Test
    @DisplayName("a batch sets, finds and takes all elements")
    void batch(Lab lab) {
        var map = map(MapType.HASH, lab);
        var elements =
                List.of(
                        new Element(IndexKey.of(1), value("firstone")),
                        new Element(IndexKey.of(2), value("secondon")));

        map.batch().update(elements);

        assertThat(map.batch().lookup(4).elements())
                .extracting(e -> new String(e.value()))
                .containsExactlyInAnyOrder("firstone", "secondon");
        assertThat(map.batch().lookupAndDelete(4).elements()).hasSize(2);
        assertThat(map.keys()).isEmpty();
    }

    @Test
    @DisplayName("a batch of an array goes on behind a page")
    void pages(Lab lab) {
        var map = map(MapType.ARRAY, lab);

        var first = map.batch().lookup(3);
        var second = map.batch().lookup(first.next().orElseThrow(), 3);

        assertThat(first.elements())
                .extracting(e -> e.key()[0])
                .containsExactly((byte) 0, (byte) 1, (byte) 2);
        assertThat(second.elements()).extracting(e -> e.key()[0]).containsExactly((byte) 3);
        assertThat(second.next()).isEmpty();
    }

    @Test
    @DisplayName("deleting a batch ends at the first key that is not there: ENOENT")
    void deleteBatch(Lab lab) {
        var map = map(MapType.HASH, lab);
        map.update(IndexKey.of(1), value("eightbyt"), UpdateFlag.ANY);

        assertFails(
                () -> map.batch().delete(List.of(IndexKey.of(1), IndexKey.of(9))), Errno.ENOENT);

        assertThat(map.keys()).isEmpty();
    }

    @Test
    @DisplayName("a variable is what was set")
    void variables(Lab lab) {
        var object = lab.load("msg-script");

        object.variable("parts").set(7);

        assertThat(object.variable("parts").value()).isEqualTo(7);
    }

    @Test
    @DisplayName(
            "what belongs to a closed object is refused in the kernel: EBADF, and no other file")
    @Needs(Capability.OFFLOAD)
    void afterTheEnd(Lab lab) {
        var object = lab.load("events");
        var other = lab.load("events");
        object.close();

        assertFails(() -> object.map("count").lookup(IndexKey.of(0)), Errno.EBADF);
        assertFails(() -> ((RingBuffer) object.map("lengths")).poll(), Errno.EBADF);
        assertFails(
                () ->
                        other.sockMap("sockets")
                                .attach(object.program("tell"), AttachType.SK_SKB_VERDICT),
                Errno.EBADF);
    }

    @Test
    @DisplayName("so is a variable")
    @Needs(Capability.OFFLOAD)
    void variableAfterTheEnd(Lab lab) {
        var object = lab.load("msg-script");
        object.variable("parts").set(7);
        object.close();

        assertFails(() -> object.variable("parts").value(), Errno.EBADF);
    }

    private static BpfMap map(MapType type, Lab lab) {
        return lab.engine().create(MapDefinition.of("numbers", type, 4, 8, 4));
    }

    private static byte[] value(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
