package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.memory.ByteRegion;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;

/** bpf_probe_read and its kin: a window of 16 bytes, and around it bytes of somebody else. */
class ProbeReadTest {
    private static final byte OURS = 'a';
    private static final byte FOREIGN = (byte) 0xa5;

    private final byte[] world = new byte[48];
    private final ByteRegion window =
            ByteRegion.of("window", MemorySegment.ofArray(world).asSlice(16, 16));

    @BeforeEach
    void fill() {
        MemorySegment.ofArray(world).fill(FOREIGN);
        window.segment().fill(OURS);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 112, 113})
    void whatTheProgramMayReadIsRead(int helper) {
        assertThat(read(helper, 8, 8)).isZero();
        assertThat(loaded(helper, 8, 8)).isEqualTo(0x6161_6161_6161_6161L);
    }

    @ParameterizedTest(name = "{0}: {2} bytes at {1}")
    @CsvSource({
        "4, 9, 8",
        "4, 16, 8",
        "4, -1, 8",
        "4, -8, 16",
        "4, 2147483647, 8",
        "112, 9, 8",
        "113, 9, 8",
        "113, -4, 8",
        "45, 9, 9",
        "114, 9, 9",
        "115, 9, 9",
        "115, -1, 8",
        "115, 16, 8"
    })
    @DisplayName("C37: beyond the window there are zeros and EFAULT, never a neighbour's byte")
    void beyondTheWindowThereAreZeros(int helper, int offset, int size) {
        assertThat(read(helper, offset, size)).isEqualTo(-14);
        assertThat(loaded(helper, offset, size)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0x1234", "-1", "0x7fffffffffffffff"})
    void anAddressThatIsNoneIsEfault(String address) {
        for (int helper : new int[] {4, 45, 112, 113, 114, 115}) {
            var trial =
                    Trial.of(
                            """
                            *(u64 *)(r10 - 8) = -1
                            r1 = r10
                            r1 += -8
                            r2 = 8
                            r3 = %s ll
                            call %d
                            if r0 == -14 goto +2
                            r0 = -1
                            exit
                            r0 = *(u64 *)(r10 - 8)
                            exit
                            """
                                    .formatted(address, helper));

            assertThat(trial.value()).as("helper %d", helper).isZero();
        }
    }

    @Test
    void aMapIsNoMemoryToRead() {
        var text = "r3 = subprog[+7]\nr1 = r10\nr1 += -8\nr2 = 8\ncall 113\nexit\nr0 = 0\nexit";

        assertThat(Trial.of(text).value()).isEqualTo(-14);
    }

    @ParameterizedTest
    @ValueSource(ints = {45, 114, 115})
    void textIsReadUpToItsZeroByteWhichCounts(int helper) {
        window.segment().set(JAVA_BYTE, 11, (byte) 0);

        assertThat(read(helper, 8, 8)).isEqualTo(4);
        assertThat(loaded(helper, 8, 8)).isEqualTo(0xffff_ffff_0061_6161L);
    }

    @ParameterizedTest
    @ValueSource(ints = {45, 114, 115})
    void textWithoutRoomForItIsCutWithAZeroByte(int helper) {
        assertThat(read(helper, 0, 4)).isEqualTo(4);
        assertThat(loaded(helper, 0, 4)).isEqualTo(0xffff_ffff_0061_6161L);
        // The window ends right behind what fits.
        assertThat(read(helper, 13, 4)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 45, 112, 113, 114, 115})
    void nothingIsReadWithoutRoom(int helper) {
        assertThat(read(helper, 0, 0)).isZero();
        assertThat(loaded(helper, 0, 0)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({"4, -1", "4, 513", "45, 0x7fffffff", "113, 0x100000008", "115, -8"})
    void aTargetThatIsNotTheProgramsIsAFault(int helper, String size) {
        var text =
                "r3 = r1\nr1 = r10\nr1 += -512\nr2 = %s ll\ncall %d\nexit".formatted(size, helper);

        assertThat(Trial.of(text).on(window).fault()).hasMessageContaining("bpf_probe_read");
        assertThat(world[15]).isEqualTo(FOREIGN);
        assertThat(world[32]).isEqualTo(FOREIGN);
    }

    private long read(int helper, int offset, int size) {
        return trial(helper, offset, size, "").value();
    }

    /** What is in the eight bytes of ones that were read into. */
    private long loaded(int helper, int offset, int size) {
        return trial(helper, offset, size, "r0 = *(u64 *)(r10 - 16)\n").value();
    }

    private Trial trial(int helper, int offset, int size, String after) {
        return Trial.of(
                        """
                        *(u64 *)(r10 - 16) = -1
                        *(u64 *)(r10 - 8) = -1
                        r3 = r1
                        r3 += %d
                        r1 = r10
                        r1 += -16
                        r2 = %d
                        call %d
                        %sexit
                        """
                                .formatted(offset, size, helper, after))
                .on(window);
    }
}
