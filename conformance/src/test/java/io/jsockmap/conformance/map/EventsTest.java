package io.jsockmap.conformance.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.IndexKey;
import io.jsockmap.bpf.map.PerfBuffer;
import io.jsockmap.bpf.map.PerfEventArray;
import io.jsockmap.bpf.map.RingBuffer;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.Lab;
import io.jsockmap.conformance.lab.Stream;
import io.jsockmap.conformance.lab.Waiting;
import io.jsockmap.conformance.lab.WithoutTraffic;
import io.jsockmap.sockmap.SockmapObject;
import io.jsockmap.sockmap.map.AttachType;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

@EngineTest
class EventsTest {
    private static final int PAGE = 4096;

    @Test
    @DisplayName("a ring buffer and perf buffers that nobody wrote have no record")
    @WithoutTraffic
    void nothingYet(Lab lab) {
        var object = lab.load("events");

        assertThat(lengths(object).poll()).isEmpty();
        try (var buffer = firstBytes(object).open(0, PAGE)) {
            assertThat(buffer.poll()).isEmpty();
            assertThat(buffer.lost()).isZero();
        }
    }

    @Test
    @DisplayName("records of a ring buffer are read in the order in which they were written")
    void ringBuffer(Lab lab) throws Exception {
        var object = lab.load("events");
        var connection = judged(object, lab);

        connection.farSends("four");
        connection.receives("four");
        connection.farSends("sixsix");
        connection.receives("sixsix");

        assertThat(number(Waiting.within(lengths(object)::take))).isEqualTo(4);
        assertThat(number(Waiting.within(lengths(object)::take))).isEqualTo(6);
        assertThat(lengths(object).poll()).isEmpty();
    }

    @Test
    @DisplayName("a ring buffer takes more than its size, if it is read meanwhile")
    void ringBufferGoesRound(Lab lab) throws Exception {
        var object = lab.load("events");
        var connection = judged(object, lab);

        for (int i = 1; i <= 600; i++) {
            connection.farSends("x");
            connection.receives("x");
            assertThat(number(Waiting.within(lengths(object)::take))).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a record of a perf buffer is read from the buffer of the CPU that wrote it")
    void perfBuffer(Lab lab) throws Exception {
        var object = lab.load("events");
        var buffers = firstBytes(object).openAll(PAGE);
        var connection = judged(object, lab);

        connection.farSends("perfect");
        connection.receives("perfect");

        // The kernel's end in up to 7 more.
        Waiting.until(
                () -> firstOf(buffers).map(r -> new String(r, 0, 4)).equals(Optional.of("perf")));
        buffers.forEach(PerfBuffer::close);
    }

    @Test
    @DisplayName("a value for each CPU: what all have counted is the number of runs")
    void perCpu(Lab lab) throws Exception {
        var object = lab.load("events");
        var connection = judged(object, lab);

        connection.farSends("a");
        connection.receives("a");
        connection.farSends("b");
        connection.receives("b");

        var counts = object.map("count").lookup(IndexKey.of(0)).orElseThrow();
        var numbers = ByteBuffer.wrap(counts).order(ByteOrder.nativeOrder()).asLongBuffer();
        long sum = 0;
        while (numbers.hasRemaining()) sum += numbers.get();
        assertThat(sum).isEqualTo(2);
    }

    private static Stream judged(SockmapObject object, Lab lab) throws IOException {
        var connection = lab.tcp();
        var map = object.sockMap("sockets");
        map.attach(object.program("tell"), AttachType.SK_SKB_VERDICT);
        map.update(0, connection.socket(), UpdateFlag.ANY);
        return connection;
    }

    private static RingBuffer lengths(SockmapObject object) {
        return (RingBuffer) object.map("lengths");
    }

    private static PerfEventArray firstBytes(SockmapObject object) {
        return (PerfEventArray) object.map("first_bytes");
    }

    private static Optional<byte[]> firstOf(List<? extends PerfBuffer> buffers) {
        return buffers.stream().map(PerfBuffer::poll).flatMap(Optional::stream).findFirst();
    }

    private static int number(byte[] record) {
        return ByteBuffer.wrap(Arrays.copyOf(record, Integer.BYTES))
                .order(ByteOrder.nativeOrder())
                .getInt();
    }
}
