package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.map.BpfMap;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapKinds;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.RingBufferMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;

/** Records of a ring buffer by dynptr, which is at r10 - 16; a clone of it at r10 - 32. */
class RingDynptrTest {
    private static final String DYNPTR = "r1 = r10\nr1 += -16\n";
    private static final String CLONE = "r1 = r10\nr1 += -32\n";

    private final RingBufferMap ring = (RingBufferMap) create(MapType.RINGBUF, 0, 0, 4096);

    private static BpfMap create(MapType type, int key, int value, int entries) {
        return MapKinds.plain().create(MapDefinition.of("m", type, key, value, entries));
    }

    private static String reserve(long size, long flags) {
        return "r1 = map[fd:0]\nr2 = %d ll\nr3 = %d ll\nr4 = r10\nr4 += -16\ncall 198\n"
                .formatted(size, flags);
    }

    /** Writes eight ones to the start. */
    private static String write() {
        return "*(u64 *)(r10 - 40) = -1\n"
                + DYNPTR
                + "r2 = 0\nr3 = r10\nr3 += -40\nr4 = 8\nr5 = 0\ncall 202\n";
    }

    private static String release(String dynptr, int helper) {
        return dynptr + "r2 = 0\ncall %d\n".formatted(helper);
    }

    private static String function(String dynptr, String name) {
        return dynptr + KfuncsTest.call(name) + "\n";
    }

    private static String cloned() {
        return DYNPTR + "r2 = r10\nr2 += -32\n" + KfuncsTest.call("bpf_dynptr_clone") + "\n";
    }

    private static String adjusted(int start, int end) {
        return DYNPTR
                + "r2 = %d\nr3 = %d\n".formatted(start, end)
                + KfuncsTest.call("bpf_dynptr_adjust")
                + "\n";
    }

    private long run(String text) {
        return trial(text).value();
    }

    private Trial trial(String text) {
        return Trial.of(text + "exit").with(ring);
    }

    @Test
    void aRecordIsWrittenAndSubmitted() {
        assertThat(run(reserve(8, 0) + write())).isZero();
        assertThat(ring.poll()).as("the run left it behind").isEmpty();

        run(reserve(8, 0) + write() + release(DYNPTR, 199));

        assertThat(ring.poll()).hasValue(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});
        assertThat(ring.query(0)).isZero();
    }

    @Test
    void aRecordThatIsDiscardedIsNotRead() {
        run(reserve(8, 0) + write() + release(DYNPTR, 200));
        ring.output(MemorySegment.ofArray(new byte[] {5}), 0);

        assertThat(ring.poll()).hasValue(new byte[] {5});
    }

    /** The size is a u32; the ring has 4096 bytes, of which 8 stay free and 8 are the record's. */
    @ParameterizedTest
    @CsvSource({
        "8, 0, 0",
        "0, 0, 0",
        "4080, 0, 0",
        "4081, 0, -22",
        "16777215, 0, -22",
        "16777216, 0, -7",
        "-1, 0, -7",
        "4294967304, 0, 0",
        "8, 1, -22",
        "16777216, 2, -22"
    })
    void reservationsThatFailLeaveANullDynptr(long size, long flags, long result) {
        var reserved = reserve(size, flags);

        assertThat(run(reserved)).isEqualTo(result);
        // What the run before left behind is taken out.
        assertThat(ring.poll()).isEmpty();
        assertThat(run(reserved + function(DYNPTR, "bpf_dynptr_is_null")))
                .isEqualTo(result == 0 ? 0 : 1);
        assertThat(ring.poll()).isEmpty();
        assertThat(run(reserved + function(DYNPTR, "bpf_dynptr_size")))
                .isEqualTo(result == 0 ? size & 0xffff_ffffL : -22);
    }

    /** Linux wants it to be submitted or discarded all the same. */
    @ParameterizedTest
    @ValueSource(ints = {199, 200})
    void aNullDynptrIsReleasedForNothing(int helper) {
        run(reserve(8, 1) + release(DYNPTR, helper));

        assertThat(ring.query(3)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {199, 200})
    void aReleasedDynptrIsNull(int helper) {
        var released = reserve(8, 0) + release(DYNPTR, helper);

        assertThat(run(released + function(DYNPTR, "bpf_dynptr_is_null"))).isEqualTo(1);
        assertThat(run(released + write())).isEqualTo(-22);
        assertThat(run(released + release(DYNPTR, helper) + "r0 = 3\n")).isEqualTo(3);
    }

    /** Linux refuses to load such programs. */
    @Test
    void whatPointsIntoAReleasedRecordReachesNothing() {
        var data = reserve(8, 0) + DYNPTR + "r2 = 0\nr3 = 8\ncall 203\nr6 = r0\n";
        assertThat(trial(data + release(DYNPTR, 199) + "r0 = *(u64 *)(r6 + 0)\n").fault())
                .hasMessageContaining("by a pointer from before it changed");

        var twice = reserve(8, 0) + cloned() + release(DYNPTR, 199) + release(CLONE, 199);
        assertThat(trial(twice).fault()).hasMessageContaining("is not a record of a ring buffer");
    }

    @Test
    void aRecordIsSubmittedWholeByWhatIsLeftOfItsDynptr() {
        run(reserve(8, 0) + write() + adjusted(2, 4) + release(DYNPTR, 199));

        assertThat(ring.poll().orElseThrow()).hasSize(8);
    }

    @Test
    void otherMemoryIsNoRecord() {
        var own = "r1 = r10\nr1 += -64\nr2 = 8\nr3 = 0\nr4 = r10\nr4 += -16\ncall 197\n";

        assertThat(trial(own + release(DYNPTR, 199)).fault())
                .hasMessageContaining("is not a record of a ring buffer");
        assertThat(Trial.of(reserve(8, 0) + "exit").with(create(MapType.ARRAY, 4, 8, 1)).fault())
                .hasMessageContaining("cannot pass map_type 2 (array)")
                .hasMessageContaining("bpf_ringbuf_reserve_dynptr#198");
    }
}
