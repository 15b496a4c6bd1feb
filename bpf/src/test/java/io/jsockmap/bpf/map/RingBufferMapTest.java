package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.number;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;
import io.jsockmap.bpf.memory.Memory;
import io.jsockmap.bpf.memory.MemoryFault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** BPF_MAP_TYPE_RINGBUF. */
class RingBufferMapTest {
    private static final int SIZE = 4096;
    private static final byte[] NO_KEY = {};

    private final RingBufferMap ring = ring(0, 0, SIZE, 0);

    @ParameterizedTest
    @CsvSource({
        "4, 0, 4096, 0, EINVAL",
        "0, 4, 4096, 0, EINVAL",
        "0, 0, 0, 0, EINVAL",
        "0, 0, 2048, 0, EINVAL",
        "0, 0, 4097, 0, EINVAL",
        "0, 0, 12288, 0, EINVAL",
        "0, 0, 4096, 8, EINVAL",
        "0, 0, 4096, 1, EINVAL",
        "0, 0, 2147483648, 0, ENOMEM",
    })
    void aBufferThatCanNotBeIsRefused(int key, int value, long size, int flags, Errno errno) {
        Refusal.of(errno, () -> ring(key, value, size, flags));
    }

    @Test
    void recordsComeInTheirOrder() {
        for (long i = 0; i < 10; i++) assertThat(output(i)).isZero();

        for (long i = 0; i < 10; i++) assertThat(ring.poll()).hasValue(u64(i));
        assertThat(ring.poll()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 1000, SIZE - 16})
    void recordsHaveTheirOwnSize(int size) {
        var data = new byte[size];
        for (int i = 0; i < size; i++) data[i] = (byte) (i * 7);

        for (int round = 0; round < 20; round++) {
            assertThat(ring.output(MemorySegment.ofArray(data), 0)).isZero();
            assertThat(ring.poll()).hasValue(data);
        }
    }

    /** As in the kernel: never quite full. */
    @Test
    void theLastEightBytesStayFree() {
        assertThat(ring.reserve(SIZE - 16, 0)).isNotNull();
        assertThat(ring(0, 0, SIZE, 0).reserve(SIZE - 15, 0)).isNull();
        assertThat(ring(0, 0, SIZE, 0).reserve(SIZE, 0)).isNull();
        assertThat(ring(0, 0, SIZE, 0).reserve(-1, 0)).isNull();
        assertThat(ring(0, 0, SIZE, 0).reserve(1L << 32, 0)).isNull();
    }

    @Test
    void aFullBufferTakesNothingUntilSomethingIsRead() {
        int count = 0;
        while (output(count) == 0) count++;
        assertThat(count).isEqualTo(SIZE / 16 - 1);

        assertThat(output(0)).isEqualTo(-11);
        assertThat(ring.reserve(8, 0)).isNull();
        assertThat(ring.poll()).hasValue(u64(0));

        assertThat(output(1000)).isZero();
        for (long i = 1; i < count; i++) assertThat(ring.poll()).hasValue(u64(i));
        assertThat(ring.poll()).hasValue(u64(1000));
    }

    @Test
    void aRecordThatIsNotSubmittedHoldsBackThoseBehindIt() {
        var first = ring.reserve(8, 0);
        output(2);
        assertThat(ring.poll()).isEmpty();

        first.store(null, 0, 8, 1);
        first.submit(0);

        assertThat(ring.poll()).hasValue(u64(1));
        assertThat(ring.poll()).hasValue(u64(2));
    }

    @Test
    void aRecordThatIsDiscardedIsNotSeen() {
        var first = ring.reserve(8, 0);
        output(2);

        first.discard(0);

        assertThat(ring.poll()).hasValue(u64(2));
        assertThat(ring.query(0)).isZero();
    }

    /** So that a program which ends early can't stop all others. */
    @Test
    void aRecordThatIsLeftBehindIsDiscarded() {
        ring.reserve(8, 0).runEnded();
        var kept = ring.reserve(8, 0);
        kept.store(null, 0, 8, 5);
        kept.submit(0);
        kept.runEnded();

        assertThat(ring.poll()).hasValue(u64(5));
        assertThat(ring.poll()).isEmpty();
    }

    @Test
    void aRecordAcrossTheEndIsInOnePiece() {
        for (int i = 0; i < 3; i++) {
            ring.output(MemorySegment.ofArray(new byte[1000]), 0);
            ring.poll();
        }
        var record = ring.reserve(2000, 0);
        for (int i = 0; i < 2000; i += 8) record.store(null, i, 8, i);
        record.submit(0);
        output(7);

        var bytes = ring.poll().orElseThrow();
        for (int i = 0; i < 2000; i += 8) {
            assertThat(number(Arrays.copyOfRange(bytes, i, i + 8))).isEqualTo(i);
        }
        assertThat(ring.poll()).hasValue(u64(7));
    }

    @Test
    void aProgramReachesNoMoreThanItsRecord() {
        var memory = new Memory();
        long record = memory.addressOf(ring.reserve(8, 0));

        memory.store(record, 8, 5);
        assertThat(memory.load(record, 8)).isEqualTo(5);
        assertThrows(MemoryFault.class, () -> memory.load(record + 8, 1));
        assertThrows(MemoryFault.class, () -> memory.store(record - 8, 8, 0));
        memory.writable(record, 8).fill((byte) 1);
    }

    @Test
    void onlyFlagsOfWakingArePossible() {
        assertThat(ring.reserve(8, 1)).isNull();
        assertThat(ring.output(MemorySegment.ofArray(u64(1)), 4)).isEqualTo(-22);
        assertThat(ring.output(MemorySegment.ofArray(u64(1)), 3)).isZero();
        assertThat(ring.poll()).hasValue(u64(1));
    }

    @Test
    void aProgramCanAskHowFullItIs() {
        output(1);
        output(2);
        ring.poll();

        assertThat(ring.query(0)).isEqualTo(16);
        assertThat(ring.query(1)).isEqualTo(SIZE);
        assertThat(ring.query(2)).isEqualTo(16);
        assertThat(ring.query(3)).isEqualTo(32);
        assertThat(ring.query(9)).isZero();
        assertThat(ring.query(1L << 32)).isZero();
    }

    @Test
    void thereAreNoElements() {
        Refusal.of(Errno.ENOTSUPP, () -> ring.lookup(NO_KEY));
        Refusal.of(Errno.ENOTSUPP, () -> ring.update(NO_KEY, NO_KEY, UpdateFlag.ANY));
        Refusal.of(Errno.ENOTSUPP, () -> ring.delete(NO_KEY));
        Refusal.of(Errno.ENOTSUPP, ring::firstKey);
        assertThat(ring.lookupFromProgram(NO_KEY)).isNull();
        assertThat(ring.updateFromProgram(NO_KEY, NO_KEY, 0)).isEqualTo(-524);
        assertThat(ring.deleteFromProgram(NO_KEY)).isEqualTo(-524);
    }

    @Test
    void whoWaitsIsWokenByARecord() throws Exception {
        var waiting = CompletableFuture.supplyAsync(this::take);
        output(5);

        assertThat(waiting.get(1, TimeUnit.MINUTES)).isEqualTo(5);
    }

    /** The second record wakes; the first is found with it. */
    @Test
    void aRecordWithoutAWakeUpIsFoundWithTheNext() throws Exception {
        var first = CompletableFuture.supplyAsync(this::take);
        ring.output(MemorySegment.ofArray(u64(1)), RingBufferMap.NO_WAKEUP);
        output(2);

        assertThat(first.get(1, TimeUnit.MINUTES)).isEqualTo(1);
        assertThat(take()).isEqualTo(2);
    }

    private long take() {
        try {
            return number(ring.take());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Records of a thread stay in order; none is lost, doubled or torn, whatever is refused. */
    @Test
    void recordsOfManyThreadsArriveWholeAndInOrder() throws Exception {
        int producers = 3;
        int each = 2_000;
        List<List<Long>> found = new ArrayList<>();
        for (int i = 0; i < producers; i++) found.add(new ArrayList<>());

        Threads.run(
                producers + 1,
                thread -> {
                    if (thread < producers) {
                        for (long i = 0; i < each; i++) produce(thread, i);
                        return;
                    }
                    for (int i = 0; i < producers * each; i++) {
                        var record = ring.take();
                        long first = number(Arrays.copyOf(record, 8));
                        for (int at = 8; at < record.length; at += 8) {
                            var part = Arrays.copyOfRange(record, at, at + 8);
                            assertThat(number(part)).isEqualTo(first);
                        }
                        found.get((int) (first >>> 32)).add(first & 0xffff_ffffL);
                    }
                });

        for (var records : found) {
            assertThat(records).hasSize(each).isSorted();
        }
        assertThat(ring.poll()).isEmpty();
        assertThat(ring.query(0)).isZero();
    }

    private void produce(int thread, long number) {
        int words = 1 + (int) (number % 40);
        RingRecord record;
        while ((record = ring.reserve(8L * words, 0)) == null) Thread.onSpinWait();
        if (number % 7 == 0) {
            record.discard(0);
            while ((record = ring.reserve(8L * words, 0)) == null) Thread.onSpinWait();
        }
        for (int i = 0; i < words; i++) {
            record.store(null, 8 * i, 8, (long) thread << 32 | number);
        }
        record.submit(0);
    }

    private long output(long value) {
        return ring.output(MemorySegment.ofArray(u64(value)), 0);
    }

    private static RingBufferMap ring(int key, int value, long size, int flags) {
        return new RingBufferMap(
                MapDefinition.of("events", MapType.RINGBUF, key, value, size).withFlags(flags));
    }
}
