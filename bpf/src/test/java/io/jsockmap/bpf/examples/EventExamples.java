package io.jsockmap.bpf.examples;

import static io.jsockmap.bpf.examples.Numbers.u64;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.map.Cpu;
import io.jsockmap.bpf.map.MapDefinition;
import io.jsockmap.bpf.map.MapType;
import io.jsockmap.bpf.map.PerfBuffer;
import io.jsockmap.bpf.map.PerfEventArray;
import io.jsockmap.bpf.map.PerfEventArrayMap;
import io.jsockmap.bpf.map.PerfReader;
import io.jsockmap.bpf.map.RingBuffer;
import io.jsockmap.bpf.map.RingBufferMap;
import io.jsockmap.bpf.map.RingRecord;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** How an application reads what programs report. */
class EventExamples {
    @Test
    void aRingBufferHasTheRecordsOfAllCpusInOrder() throws InterruptedException {
        // @start region="ring"
        RingBufferMap map =
                new RingBufferMap(MapDefinition.of("events", MapType.RINGBUF, 0, 0, 4096));
        RingBuffer events = map; // what applications see of it, also of one in the kernel

        // As bpf_ringbuf_reserve does, and bpf_ringbuf_output of another program.
        RingRecord record = map.reserve(8, 0);
        map.output(MemorySegment.ofArray(u64(2)), 0);

        assertThat(events.poll()).isEmpty(); // not before the first one is done
        record.discard(0);
        assertThat(events.take()).isEqualTo(u64(2));
        // @end
        assertThat(events.poll()).isEmpty();
    }

    @Test
    void aPerfBufferHasTheRecordsOfOneCpu() {
        // @start region="perf"
        PerfEventArrayMap map =
                new PerfEventArrayMap(
                        MapDefinition.of("events", MapType.PERF_EVENT_ARRAY, 4, 4, Cpu.COUNT));
        PerfEventArray events = map; // what applications see of it, also of one in the kernel
        List<? extends PerfBuffer> buffers = events.openAll(4096);

        MemorySegment nothing = MemorySegment.ofArray(new byte[0]);
        Cpu.enter(); // as a run of a program does
        PerfReader mine = map.open(Cpu.current(), 8192); // in the place of a smaller one
        map.output(Cpu.current(), MemorySegment.ofArray(u64(7)), nothing);
        Cpu.leave();

        assertThat(mine.poll()).hasValue(u64(7));
        assertThat(mine.lost()).isZero(); // counts what did not fit
        // @end
        assertThat(buffers).hasSize(Cpu.COUNT).allMatch(buffer -> buffer.poll().isEmpty());
    }
}
