package io.jsockmap.bpf.map;

import static io.jsockmap.bpf.map.Bytes.number;
import static io.jsockmap.bpf.map.Bytes.u64;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.Refusal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;

/** BPF_MAP_TYPE_QUEUE and BPF_MAP_TYPE_STACK. */
class QueueMapTest {
    private static final byte[] NO_KEY = {};

    private final QueueMap queue = create(MapType.QUEUE, 0, 8, 3, 0);
    private final QueueMap stack = create(MapType.STACK, 0, 8, 3, 0);

    @ParameterizedTest
    @CsvSource({
        "4, 8, 1, 0, EINVAL",
        "0, 0, 1, 0, EINVAL",
        "0, 8, 0, 0, EINVAL",
        "0, 4194305, 1, 0, E2BIG",
        "0, -8, 1, 0, E2BIG",
        "0, 8, 4294967295, 0, ENOMEM",
        "0, 8, 1, 1, EINVAL",
        "0, 8, 1, 24, EINVAL",
    })
    void whatCanNotBeIsRefused(int key, int value, long count, int flags, Errno errno) {
        Refusal.of(errno, () -> create(MapType.QUEUE, key, value, count, flags));
        Refusal.of(errno, () -> create(MapType.STACK, key, value, count, flags));
    }

    @Test
    void aQueueGivesTheOldestFirst() {
        for (long i = 1; i <= 3; i++) queue.push(u64(i), UpdateFlag.ANY);

        assertThat(queue.peek()).hasValue(u64(1));
        assertThat(queue.pop()).isEqualTo(u64(1));
        assertThat(queue.pop()).isEqualTo(u64(2));
        queue.push(u64(4), UpdateFlag.ANY);
        assertThat(queue.pop()).isEqualTo(u64(3));
        assertThat(queue.pop()).isEqualTo(u64(4));
    }

    @Test
    void aStackGivesTheNewestFirst() {
        for (long i = 1; i <= 3; i++) stack.push(u64(i), UpdateFlag.ANY);

        assertThat(stack.peek()).hasValue(u64(3));
        assertThat(stack.pop()).isEqualTo(u64(3));
        stack.push(u64(4), UpdateFlag.ANY);
        assertThat(stack.pop()).isEqualTo(u64(4));
        assertThat(stack.pop()).isEqualTo(u64(2));
        assertThat(stack.pop()).isEqualTo(u64(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"QUEUE", "STACK"})
    void anEmptyOneGivesNothing(MapType type) {
        var map = create(type, 0, 8, 1, 0);
        var value = MemorySegment.ofArray(u64(-1));

        assertThat(map.peek()).isEmpty();
        Refusal.of(Errno.ENOENT, map::pop);
        assertThat(map.peekFromProgram(value)).isEqualTo(-2);
        assertThat(value.toArray(JAVA_BYTE)).isEqualTo(u64(0));
        assertThat(map.popFromProgram(MemorySegment.ofArray(u64(-1)))).isEqualTo(-2);
    }

    @ParameterizedTest
    @CsvSource({"QUEUE, 2 3 4", "STACK, 4 3 2"})
    void aFullOneRefusesUnlessTheOldestMayGo(MapType type, String rest) {
        var map = create(type, 0, 8, 3, 0);
        for (long i = 1; i <= 3; i++) map.push(u64(i), UpdateFlag.ANY);

        Refusal.of(Errno.E2BIG, () -> map.push(u64(4), UpdateFlag.ANY));
        assertThat(map.pushFromProgram(u64(4), 0)).isEqualTo(-7);
        assertThat(map.pushFromProgram(u64(4), 2)).isZero();

        for (var expected : rest.split(" ", 3)) {
            assertThat(number(map.pop())).isEqualTo(Long.parseLong(expected));
        }
        assertThat(map.peek()).isEmpty();
    }

    @Test
    void aProgramPushesPeeksAndPops() {
        assertThat(queue.pushFromProgram(u64(7), 0)).isZero();
        var value = MemorySegment.ofArray(new byte[8]);

        assertThat(queue.peekFromProgram(value)).isZero();
        assertThat(queue.popFromProgram(value)).isZero();

        assertThat(value.toArray(JAVA_BYTE)).isEqualTo(u64(7));
        assertThat(queue.peek()).isEmpty();
    }

    @Test
    void flagsAreAnyAndExist() {
        Refusal.of(Errno.EINVAL, () -> queue.push(u64(1), UpdateFlag.NOEXIST));
        for (long flags : new long[] {1, 3, 4, -1}) {
            assertThat(queue.pushFromProgram(u64(1), flags)).isEqualTo(-22);
        }
        assertThat(queue.peek()).isEmpty();
    }

    @Test
    void thereAreNoKeys() {
        queue.push(u64(1), UpdateFlag.ANY);

        Refusal.of(Errno.EINVAL, () -> queue.delete(NO_KEY));
        Refusal.of(Errno.EINVAL, queue::firstKey);
        Refusal.of(Errno.EINVAL, () -> queue.nextKey(NO_KEY));
        Refusal.of(Errno.EINVAL, () -> queue.lookup(new byte[4]));
        assertThat(queue.lookupFromProgram(NO_KEY)).isNull();
        assertThat(queue.updateFromProgram(NO_KEY, u64(1), 0)).isEqualTo(-22);
        assertThat(queue.deleteFromProgram(NO_KEY)).isEqualTo(-22);
        Refusal.of(Errno.ENOTSUPP, () -> queue.batch().lookup(1));
    }

    @Test
    void whoMayNotWriteMayNotPop() {
        var readOnly = create(MapType.QUEUE, 0, 8, 1, BpfMap.RDONLY);
        var forApplications = create(MapType.QUEUE, 0, 8, 1, BpfMap.RDONLY_PROG);
        forApplications.push(u64(1), UpdateFlag.ANY);
        var value = MemorySegment.ofArray(new byte[8]);

        Refusal.of(Errno.EPERM, () -> readOnly.push(u64(1), UpdateFlag.ANY));
        Refusal.of(Errno.EPERM, readOnly::pop);
        assertThat(readOnly.peek()).isEmpty();
        assertThat(forApplications.pushFromProgram(u64(1), 0)).isEqualTo(-13);
        assertThat(forApplications.popFromProgram(value)).isEqualTo(-13);
        assertThat(forApplications.peekFromProgram(value)).isZero();
    }

    @Test
    void nothingIsLostOrDoubledAmongManyThreads() throws Exception {
        var map = create(MapType.QUEUE, 0, 8, 64, 0);
        var taken = new ConcurrentLinkedQueue<Long>();

        Threads.run(
                4,
                thread -> {
                    for (int i = 0; i < 1_000; i++) {
                        if (thread < 2) {
                            while (map.pushFromProgram(u64(thread * 1_000L + i), 0) != 0) {
                                Thread.onSpinWait();
                            }
                        } else {
                            var value = MemorySegment.ofArray(new byte[8]);
                            while (map.popFromProgram(value) != 0) Thread.onSpinWait();
                            taken.add(value.get(JAVA_LONG_UNALIGNED, 0));
                        }
                    }
                });

        assertThat(taken)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 2_000).boxed().toList());
    }

    private static QueueMap create(MapType type, int key, int value, long count, int flags) {
        return (QueueMap)
                MapKinds.plain()
                        .create(MapDefinition.of("q", type, key, value, count).withFlags(flags));
    }
}
