package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.memory.ByteRegion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dynptr helpers and functions, on a memory of 64 bytes; the dynptr is at r10 - 16. */
class DynptrTest {
    private static final String DYNPTR = "r%d = r10\nr%<d += -16\n";

    /** Of the first 32 bytes. */
    private static final String MADE = "r9 = r1\n" + from(32, 0);

    private final ByteRegion memory = ByteRegion.allocate("memory", 64);

    @ParameterizedTest
    @CsvSource({"64, 0, 0", "0, 0, 0", "16777216, 0, -7", "-1, 0, -7", "32, 1, -22", "64, -1, -22"})
    void isMadeOfMemory(long size, long flags, long result) {
        assertThat(run(from(size, flags))).isEqualTo(result);
        assertThat(run(from(size, flags) + function(1, "bpf_dynptr_is_null")))
                .isEqualTo(result == 0 ? 0 : 1);
        assertThat(run(from(size, flags) + function(1, "bpf_dynptr_size")))
                .isEqualTo(result == 0 ? size : -22);
    }

    @ParameterizedTest
    @ValueSource(longs = {65, 1 << 20})
    void ofMemoryThatIsNotTheProgramsItIsAFault(long size) {
        assertThat(trial(from(size, 0)).fault())
                .hasMessageContaining("%d bytes at offset 0 of memory".formatted(size));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8, 0, 0",
        "24, 8, 0, 0",
        "32, 0, 0, 0",
        "25, 8, 0, -7",
        "33, 0, 0, -7",
        "-1, 1, 0, -7",
        "-8, 16, 0, -7",
        "4294967296, 1, 0, -7",
        "0, 33, 0, -7",
        "0, -1, 0, -7",
        "0, 8, 1, -22",
    })
    void isReadInsideOfItsBounds(long offset, long length, long flags, long result) {
        for (int i = 0; i < 64; i++) memory.store(null, i, 1, i);
        var text = read(offset, length, flags);

        assertThat(run(MADE + text)).isEqualTo(result);
        if (result == 0 && length == 8) {
            assertThat(run(MADE + text + "r0 = *(u8 *)(r10 - 512)\n")).isEqualTo(offset);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8, 0, 0",
        "24, 8, 0, 0",
        "32, 0, 0, 0",
        "25, 8, 0, -7",
        "-1, 1, 0, -7",
        "-8, 16, 0, -7",
        "0, -1, 0, -7",
        "0, 8, 1, -22",
        "25, 8, 1, -7",
    })
    void isWrittenInsideOfItsBounds(long offset, long length, long flags, long result) {
        assertThat(run(MADE + write(offset, length, flags))).isEqualTo(result);
        for (int i = 0; i < 64; i++) {
            boolean written = result == 0 && i >= offset && i < offset + length;
            assertThat(memory.load(null, i, 1)).as("byte %d", i).isEqualTo(written ? 0xff : 0);
        }
    }

    /** As memmove does: nothing is read after it was written. */
    @Test
    void mayBeWrittenFromItself() {
        for (int i = 0; i < 64; i++) memory.store(null, i, 1, i);

        run(MADE + "r3 = r9\n" + DYNPTR.formatted(1) + "r2 = 1\nr4 = 31\nr5 = 0\ncall 202\n");

        for (int i = 1; i < 32; i++) assertThat(memory.load(null, i, 1)).isEqualTo(i - 1);
    }

    @ParameterizedTest
    @CsvSource({"0, 8, true", "24, 8, true", "32, 0, true", "25, 8, false", "-1, 1, false"})
    void givesAPointerInsideOfItsBounds(long offset, long length, boolean found) {
        var slices = new String[] {"bpf_dynptr_slice", "bpf_dynptr_slice_rdwr"};

        assertThat(run(MADE + data(offset, length) + distance())).isEqualTo(found ? offset : -99);
        for (var slice : slices) {
            var text = slice(slice, offset, length);
            assertThat(run(MADE + text + distance())).as(slice).isEqualTo(found ? offset : -99);
        }
    }

    @Test
    void thatIsNullGivesNothing() {
        var none = from(32, 7);

        assertThat(run(none + read(0, 0, 0))).isEqualTo(-22);
        assertThat(run(none + write(0, 0, 0))).isEqualTo(-22);
        assertThat(run(none + data(0, 0))).isZero();
        assertThat(run(none + slice("bpf_dynptr_slice", 0, 0))).isZero();
        assertThat(run(none + slice("bpf_dynptr_slice_rdwr", 0, 0))).isZero();
        assertThat(run(none + adjust(0, 0))).isEqualTo(-22);
        assertThat(run(none + function(1, "bpf_dynptr_is_rdonly"))).isZero();
        assertThat(run(none + copied())).isEqualTo(-22);
        assertThat(
                        run(
                                none
                                        + copied()
                                        + "r1 = r10\nr1 += -32\n"
                                        + KfuncsTest.call("bpf_dynptr_is_null")
                                        + "\n"))
                .isEqualTo(1);
    }

    /** As one of a packet is; none of the functions here makes one. */
    @Test
    void thatIsReadOnlyIsNotWritten() {
        var readOnly =
                MADE
                        + "r0 = *(u32 *)(r10 - 8)\n"
                        + "r1 = 0x80000000 ll\n"
                        + "r0 |= r1\n"
                        + "*(u64 *)(r10 - 8) = r0\n";

        assertThat(run(readOnly + function(1, "bpf_dynptr_is_rdonly"))).isEqualTo(1);
        assertThat(run(MADE + function(1, "bpf_dynptr_is_rdonly"))).isZero();
        assertThat(run(readOnly + function(1, "bpf_dynptr_size"))).isEqualTo(32);
        assertThat(run(readOnly + read(0, 8, 0))).isZero();
        assertThat(run(readOnly + write(0, 8, 0))).isEqualTo(-22);
        assertThat(run(readOnly + data(0, 8))).isZero();
        assertThat(run(readOnly + slice("bpf_dynptr_slice", 4, 8) + distance())).isEqualTo(4);
        assertThat(run(readOnly + slice("bpf_dynptr_slice_rdwr", 4, 8))).isZero();
        assertThat(run(readOnly + adjust(1, 8) + write(0, 1, 0))).isEqualTo(-22);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 32, 0, 32",
        "8, 20, 0, 12",
        "32, 32, 0, 0",
        "8, 33, -34, 32",
        "33, 33, -34, 32",
        "8, 7, -22, 32",
        "-1, -1, -34, 32",
        "0, -1, -34, 32",
        "-1, 0, -22, 32",
    })
    void isMadeSmaller(long start, long end, long result, long size) {
        assertThat(run(MADE + adjust(start, end))).isEqualTo(result);
        assertThat(run(MADE + adjust(start, end) + function(1, "bpf_dynptr_size"))).isEqualTo(size);
        if (result == 0) {
            assertThat(run(MADE + adjust(start, end) + data(0, 0) + distance())).isEqualTo(start);
        }
    }

    @Test
    void aCloneIsOfTheSameMemoryAndHasBoundsOfItsOwn() {
        var text = MADE + copied() + adjust(4, 8) + "r1 = r10\nr1 += -32\n";

        assertThat(run(text + KfuncsTest.call("bpf_dynptr_size") + "\n")).isEqualTo(32);
    }

    /** What a program invents is an address like another: it reaches what it may reach. */
    @ParameterizedTest
    @ValueSource(strings = {"0x1234", "0xffffffff", "0x7f", "-1"})
    void thatIsForgedReachesNothing(String address) {
        var forged = "r9 = r1\n*(u64 *)(r10 - 16) = %s\n*(u64 *)(r10 - 8) = 0xffffff\n";

        assertThat(trial(forged.formatted(address) + read(0, 8, 0)).fault())
                .hasMessageContaining("is not a pointer");
        assertThat(trial(forged.formatted(address) + write(0, 8, 0)).fault())
                .hasMessageContaining("is not a pointer");
    }

    @Test
    void thatClaimsMoreThanThereIsEndsWhereTheMemoryEnds() {
        var claim = MADE + "*(u64 *)(r10 - 8) = 0xffffff\n";

        assertThat(trial(claim + read(60, 8, 0)).fault())
                .hasMessageContaining("8 bytes at offset 60 of memory: outside of its 64 bytes");
    }

    @Test
    void thatDoesNotLieInTheProgramsMemoryIsAFault() {
        assertThat(trial("r2 = 8\nr3 = 0\nr4 = 0\ncall 197\n").fault())
                .hasMessageContaining("a null pointer");
        assertThat(
                        trial("r1 = r10\nr1 += -8\n" + KfuncsTest.call("bpf_dynptr_size") + "\n")
                                .fault())
                .hasMessageContaining("outside of its 512 bytes");
    }

    private static String from(long size, long flags) {
        return "r2 = %d ll\nr3 = %d ll\n".formatted(size, flags)
                + DYNPTR.formatted(4)
                + "call 197\n";
    }

    /** To the start of the stack. */
    private static String read(long offset, long length, long flags) {
        return "r1 = r10\nr1 += -512\nr2 = %d ll\nr4 = %d ll\nr5 = %d\n"
                        .formatted(length, offset, flags)
                + DYNPTR.formatted(3)
                + "call 201\n";
    }

    /** Ones from the start of the stack. */
    private static String write(long offset, long length, long flags) {
        return "*(u64 *)(r10 - 512) = -1\nr3 = r10\nr3 += -512\nr2 = %d ll\nr4 = %d ll\nr5 = %d\n"
                        .formatted(offset, length, flags)
                + DYNPTR.formatted(1)
                + "call 202\n";
    }

    private static String data(long offset, long length) {
        return DYNPTR.formatted(1) + "r2 = %d ll\nr3 = %d ll\ncall 203\n".formatted(offset, length);
    }

    private static String slice(String name, long offset, long length) {
        return DYNPTR.formatted(1)
                + "r2 = %d ll\nr3 = 0\nr4 = %d ll\n".formatted(offset, length)
                + KfuncsTest.call(name)
                + "\n";
    }

    private static String adjust(long start, long end) {
        return DYNPTR.formatted(1)
                + "r2 = %d ll\nr3 = %d ll\n".formatted(start, end)
                + KfuncsTest.call("bpf_dynptr_adjust")
                + "\n";
    }

    private static String copied() {
        return DYNPTR.formatted(1)
                + "r2 = r10\nr2 += -32\n"
                + KfuncsTest.call("bpf_dynptr_clone")
                + "\n";
    }

    private static String function(int register, String name) {
        return DYNPTR.formatted(register) + KfuncsTest.call(name) + "\n";
    }

    /** How far behind the memory's start the result points; -99 for null. */
    private static String distance() {
        return "if r0 != 0 goto +2\nr0 = -99\nexit\nr0 -= r9\n";
    }

    private long run(String text) {
        return trial(text).value();
    }

    private Trial trial(String text) {
        return Trial.of(text + "exit").on(memory);
    }
}
