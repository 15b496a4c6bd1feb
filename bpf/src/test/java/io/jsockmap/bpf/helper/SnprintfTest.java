package io.jsockmap.bpf.helper;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jsockmap.bpf.Trial;
import io.jsockmap.bpf.memory.ByteRegion;
import io.jsockmap.bpf.program.Environment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;

/**
 * bpf_snprintf and bpf_snprintf_btf. The memory has the format at 0, a text at 64, the values at
 * 128, and the result from 256 on.
 */
class SnprintfTest {
    private static final int TEXT = 64;
    private static final int VALUES = 128;
    private static final int RESULT = 256;

    private final ByteRegion memory = ByteRegion.allocate("memory", 1024);

    @Test
    void valuesAreTakenFromTheArrayInTheirOrder() {
        put(0, "%d|%u|%llx|%c");
        values(-1, -1, -1, 'x');

        assertThat(snprintf(64, 32)).isEqualTo("-1|4294967295|ffffffffffffffff|x".length() + 1);
        assertThat(result()).isEqualTo("-1|4294967295|ffffffffffffffff|x");
    }

    @ParameterizedTest
    @CsvSource({
        "10, '123456'",
        "7, '123456'",
        "6, '12345'",
        "1, ''",
    })
    void whatDoesNotFitIsCutAndCountedAllTheSame(int size, String kept) {
        put(0, "%d");
        values(123456);
        memory.segment().asSlice(RESULT).fill((byte) '#');

        assertThat(snprintf(size, 8)).isEqualTo(7);
        assertThat(result()).isEqualTo(kept);
        assertThat(memory.load(null, RESULT + size, 1)).isEqualTo('#');
    }

    @Test
    void withoutRoomTheLengthIsStillTold() {
        put(0, "%d");
        values(123456);

        assertThat(call("r1 = 0\nr2 = 0\n", 8)).isEqualTo(7);
    }

    @Test
    void roomAtNoPlaceIsAnInvalidArgument() {
        put(0, "%d");
        values(123456);

        assertThat(call("r1 = 0\nr2 = 8\n", 8)).isEqualTo(-22);
    }

    @ParameterizedTest
    @CsvSource({
        "%pI4, 192.0.2.7",
        "%pi4, 192.000.002.007",
        "%pI6, c000:0207:0000:0000:0000:0000:0000:0001",
        "%pi6, c0000207000000000000000000000001",
    })
    void addressesAreReadFromMemory(String format, String printed) {
        put(0, format);
        memory.segment().set(JAVA_BYTE, TEXT, (byte) 192);
        memory.segment().set(JAVA_BYTE, TEXT + 2, (byte) 2);
        memory.segment().set(JAVA_BYTE, TEXT + 3, (byte) 7);
        memory.segment().set(JAVA_BYTE, TEXT + 15, (byte) 1);

        snprintf(64, pointerTo(TEXT), 8);

        assertThat(result()).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource({"<%s>, <text>", "<%6s>, '<  text>'", "<%-6s>, '<text  >'", "<%pks>, <text>"})
    void textsAreReadFromMemory(String format, String printed) {
        put(0, format);
        put(TEXT, "text");

        snprintf(64, pointerTo(TEXT), 8);

        assertThat(result()).isEqualTo(printed);
    }

    @Test
    void bytesOfTextStayAsTheyAre() {
        put(0, "%s");
        put(TEXT, "\u00e9\u00ff\u0080");

        snprintf(64, pointerTo(TEXT), 8);

        assertThat(result()).isEqualTo("\u00e9\u00ff\u0080");
    }

    /** The kernel copies values and texts to a buffer of 512 bytes first. */
    @Test
    void textsOfMoreThanTheKernelsBufferAreCutAndTheNextOneIsRefused() {
        put(0, "%s");
        memory.segment().asSlice(RESULT, 600).fill((byte) 'a');
        assertThat(snprintf(64, pointerTo(RESULT), 8)).isEqualTo(512);

        put(0, "%s%d");
        memory.segment().asSlice(RESULT, 600).fill((byte) 'a');
        assertThat(snprintf(64, pointerTo(RESULT), 16)).isEqualTo(-28);
    }

    @ParameterizedTest
    @ValueSource(longs = {4, -8, 104, 0x1_0000_0008L, Long.MIN_VALUE})
    void anArrayOfAnotherSizeIsAnInvalidArgument(long size) {
        put(0, "%d");

        assertThat(snprintf(64, size)).isEqualTo(-22);
    }

    @Test
    void valuesWithoutAnArrayAreAnInvalidArgument() {
        put(0, "%d");

        assertThat(call("r1 = r6\nr1 += 256\nr2 = 64\nr4 = 0\n", 8)).isEqualTo(-22);
        assertThat(snprintf(64, 0)).isEqualTo(-22);
    }

    @Test
    void aFormatWithoutAnEndIsAFault() {
        memory.segment().fill((byte) 'a');

        var fault = Trial.of("r3 = r1\nr2 = 0\nr1 = 0\nr5 = 0\ncall 165\nexit").on(memory).fault();

        assertThat(fault).hasMessageContaining("1 bytes at offset 1024 of memory");
    }

    @Test
    void aFormatOfMegabytesIsAnInvalidArgument() {
        var huge = ByteRegion.allocate("format", 1 << 20);
        huge.segment().fill((byte) 'a');

        assertThat(Trial.of("r3 = r1\nr2 = 0\nr1 = 0\nr5 = 0\ncall 165\nexit").on(huge).value())
                .isEqualTo(-22);
    }

    @ParameterizedTest
    @ValueSource(longs = {769, -1, Integer.MAX_VALUE, Long.MIN_VALUE})
    void aResultThatIsNotTheProgramsIsAFault(long size) {
        put(0, "%d");

        assertThat(trial("r1 = r6\nr1 += 256\nr2 = %d ll\n".formatted(size), 8).fault())
                .hasMessageContaining("bpf_snprintf#165");
    }

    @Test
    void aCompiledProgramReadsAndPrints() {
        var object = Compiled.of("timers", Environment.system());

        assertThat(object.run("text")).isEqualTo(6 + 100 * "<-31 ffffffe1  -0x1f;>+".length());
        assertThat(new String(object.object().variable("printed").bytes(), ISO_8859_1))
                .startsWith("<-31 ffffffe1  -0x1f;>\0");
    }

    /** No types of the kernel's are known here. */
    @ParameterizedTest
    @CsvSource({"1, 16, 0, -2", "1, 16, 15, -2", "0, 16, 0, -22", "1, 8, 0, -22", "1, 16, 16, -22"})
    void aTypeOfTheKernelIsNeverFound(int type, int size, long flags, long result) {
        memory.store(null, TEXT + 8, 4, type);

        long answer =
                Trial.of(
                                """
                                r3 = r1
                                r3 += 64
                                r1 += 256
                                r2 = 64
                                r4 = %d
                                r5 = %d
                                call 149
                                exit
                                """
                                        .formatted(size, flags))
                        .on(memory)
                        .value();

        assertThat(answer).isEqualTo(result);
    }

    private long snprintf(int size, long valuesSize) {
        return snprintf(size, "", valuesSize);
    }

    private long snprintf(int size, String before, long valuesSize) {
        return call(before + "r1 = r6\nr1 += 256\nr2 = %d\n".formatted(size), valuesSize);
    }

    private long call(String arguments, long valuesSize) {
        return trial(arguments, valuesSize).value();
    }

    private Trial trial(String arguments, long valuesSize) {
        return Trial.of(
                        """
                        r6 = r1
                        r3 = r6
                        r4 = r6
                        r4 += 128
                        %sr5 = %d ll
                        call 165
                        exit
                        """
                                .formatted(arguments, valuesSize))
                .on(memory);
    }

    /** The program itself puts the pointer, which only it knows, to the values. */
    private static String pointerTo(int offset) {
        return "r0 = r6\nr0 += %d\n*(u64 *)(r6 + 128) = r0\n".formatted(offset);
    }

    private void values(long... values) {
        for (int i = 0; i < values.length; i++) memory.store(null, VALUES + 8 * i, 8, values[i]);
    }

    private void put(int at, String text) {
        var bytes = MemorySegment.ofArray((text + '\0').getBytes(ISO_8859_1));
        memory.segment().asSlice(at, bytes.byteSize()).copyFrom(bytes);
    }

    private String result() {
        return memory.segment().getString(RESULT, ISO_8859_1);
    }
}
