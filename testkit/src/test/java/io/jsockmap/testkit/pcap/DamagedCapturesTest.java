package io.jsockmap.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;

/**
 * Files that are no captures, and such that have been damaged: one line each, and no more memory.
 */
class DamagedCapturesTest {
    private static final int ROUNDS = 200;
    private static final byte[] NONE = {};

    private static byte[] fixture(String name) throws IOException {
        return Files.readAllBytes(Captures.file(name));
    }

    private static void assertRefused(byte[] file, long offset, String problem) {
        assertThatThrownBy(() -> Captures.read(file))
                .isInstanceOf(MalformedCaptureException.class)
                .hasMessage("made up: offset %d: %s".formatted(offset, problem))
                .extracting(e -> ((MalformedCaptureException) e).offset())
                .isEqualTo(offset);
    }

    @Test
    void whatIsNoCaptureIsToldByItsFirstBytes() {
        assertRefused(NONE, 0, "the file is empty, and so no capture");
        assertRefused(
                Captures.bytes("ab"),
                0,
                "the file ends within the first four bytes, of which 2 of 4 bytes are there");
        assertRefused(
                Captures.bytes("GET / HTTP/1.1"),
                0,
                "neither pcap nor pcapng begins with 47455420");
        assertRefused(
                new byte[] {0x1f, (byte) 0x8b, 8, 0},
                0,
                "the file is compressed: unpack it by gunzip first");
        assertRefused(
                ByteBuffer.allocate(4).putInt(0xa1b2cd34).array(),
                0,
                "this is pcap as modified by Kuznetzov, which is not read: convert it");
        assertThatThrownBy(() -> Captures.read("nothing.pcap"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("there is no file ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    4  | 3          | 4  | version 3 of pcap is not known, 2 is
                    32 | 4294967295 | 24 | packet 1 has 4,294,967,295 bytes, but none has more than 1,048,576
                    32 | 1000000    | 40 | the file ends within packet 1, of which 2952 of 1000000 bytes are there
                    """)
    void aClassicFileWithAWrongNumber(int at, long value, long offset, String problem)
            throws Exception {
        var file = fixture("tcpdump-ethernet.pcap");
        var numbers = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (at == 4) numbers.putShort(at, (short) value);
        else numbers.putInt(at, (int) value);
        assertRefused(file, offset, problem);
    }

    @Test
    void aClassicFileThatEndsWithinAPacket() throws Exception {
        var file = fixture("tcpdump-ethernet.pcap");
        assertRefused(
                Arrays.copyOf(file, 50),
                40,
                "the file ends within packet 1, of which 10 of 74 bytes are there");
        assertRefused(
                Arrays.copyOf(file, 24 + 16 + 74 + 3),
                114,
                "the file ends within the header of packet 2, of which 3 of 16 bytes are there");
    }

    @Test
    void moreOptionsThanAnybodyWrites() throws Exception {
        var empty = ByteBuffer.allocate(4).putShort((short) 1).array();
        var most = repeated(empty, 1 << 16);
        var one = blocks().device(101, 0, NONE).packet(0, 0, new byte[20], most).file();
        assertThat(Captures.read(one).notes()).hasSize(1);

        var more = repeated(empty, (1 << 16) + 1);
        assertRefused(
                blocks().device(101, 0, NONE).packet(0, 0, new byte[20], more).file(),
                48,
                "a block has more than 65,536 options");
        assertRefused(
                blocks().device(101, 0, more).file(), 28, "a block has more than 65,536 options");
        assertRefused(
                blocks().device(101, 0, NONE).packet(0, 0, NONE, new byte[(1 << 23) + 4]).file(),
                48,
                "a block has 8,388,612 bytes of options, but none may have more than 8,388,608");
    }

    private static byte[] repeated(byte[] bytes, int times) {
        var all = ByteBuffer.allocate(bytes.length * times);
        for (int i = 0; i < times; i++) all.put(bytes);
        return all.array();
    }

    private static Captures.Blocks blocks() {
        return new Captures.Blocks().section(ByteOrder.BIG_ENDIAN);
    }

    @Test
    void blocksWithWrongNumbers() {
        var order = blocks().file();
        ByteBuffer.wrap(order).putInt(8, 0x12345678);
        assertRefused(order, 8, "a section's order of bytes is 1a2b3c4d or 4d3c2b1a, not 12345678");

        var version = blocks().file();
        ByteBuffer.wrap(version).putShort(12, (short) 9);
        assertRefused(version, 12, "version 9 of pcapng is not known, 1 is");

        var odd = blocks().device(101, 0, NONE).file();
        ByteBuffer.wrap(odd).putInt(32, 21);
        assertRefused(odd, 28, "a block of type 1 can't have 21 bytes");

        var end = blocks().device(101, 0, NONE).file();
        ByteBuffer.wrap(end).putInt(44, 24);
        assertRefused(end, 44, "a block has 20 bytes by its beginning and 24 by its end");
    }

    @Test
    void packetBlocksThatContradictThemselves() {
        var packet = new byte[40];
        assertRefused(
                blocks().packet(3, 0, packet, NONE).file(),
                28,
                "packet 1 is of interface 3, but 0 are described");

        var longer = blocks().device(101, 0, NONE).packet(0, 0, packet, NONE).file();
        ByteBuffer.wrap(longer).putInt(48 + 8 + 12, 41);
        assertRefused(longer, 48, "packet 1 has 41 bytes, but its block has room for 40");

        var option = blocks();
        option.device(101, 0, NONE).packet(0, 0, packet, option.option(1, new byte[8]));
        var options = option.file();
        ByteBuffer.wrap(options).putShort(48 + 8 + 20 + 40 + 2, (short) 9999);
        assertRefused(
                options, 48, "a block's option 1 has 9999 bytes, but its block has room for 12");

        var seconds = blocks();
        seconds.device(101, 0, seconds.option(9, new byte[1]))
                .packet(0, Long.MAX_VALUE, packet, NONE);
        assertRefused(seconds.file(), 60, "packet 1 has a time that never comes");
        assertRefused(
                blocks().block(1, ByteBuffer.allocate(4)).file(),
                28,
                "an interface's description has 8 to 16,777,216 bytes, not 4");
    }

    @Test
    void aBlockThatSaysItIsHugeTakesNoMemory() {
        for (int type : new int[] {1, 6, 99}) {
            var file = blocks().block(type, ByteBuffer.allocate(64)).file();
            ByteBuffer.wrap(file).putInt(32, 0xfffffffc);
            assertThatThrownBy(() -> Captures.read(file))
                    .isInstanceOf(MalformedCaptureException.class);
        }
    }

    @Test
    void moreInterfacesThanAnybodyHas() {
        var file = blocks();
        for (int k = 0; k <= 10_000; k++) file.device(101, 0, NONE);
        assertRefused(file.file(), 28 + 200_000, "a section has more than 10,000 interfaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcpdump-ethernet.pcap", "editcap-ethernet.pcapng"})
    void aFileThatEndsAnywhereIsReadOrGetsALine(String name) throws Exception {
        // A few packets are enough.
        var file = Arrays.copyOf(fixture(name), 900);
        int refused = 0;
        for (int length = 0; length < file.length; length++) {
            refused += isRefused(Arrays.copyOf(file, length), "cut at " + length) ? 1 : 0;
        }
        // It is in order only where a packet ends.
        assertThat(refused).isGreaterThan(file.length * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcpdump-ethernet.pcap",
                "tcpdump-cooked-nanoseconds.pcap",
                "tcpdump-cooked2.pcap",
                "tcpdump-first-100-bytes.pcap",
                "mergecap-two-interfaces.pcapng"
            })
    void bytesChangedByChanceGiveACaptureOrALine(String name) throws Exception {
        var original = fixture(name);
        int refused = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            var random = new Random(seed);
            var file = original.clone();
            for (int k = random.nextInt(8); k >= 0; k--) {
                file[random.nextInt(file.length)] = damage(random);
            }
            refused += isRefused(file, "seed " + seed) ? 1 : 0;
        }
        assertThat(refused).isBetween(1, ROUNDS - 1);
    }

    /** Mostly such as lie at limits. */
    private static byte damage(Random random) {
        var limits = new int[] {0, 1, 4, 6, 0x45, 0x60, 0x7f, 0x80, 0xfc, 0xff};
        return (byte)
                (random.nextBoolean()
                        ? random.nextInt(256)
                        : limits[random.nextInt(limits.length)]);
    }

    private static boolean isRefused(byte[] file, String what) {
        try {
            for (var conversation : Captures.read(file).conversations()) {
                assertThat(conversation.ending()).isNotNull();
                assertThat(conversation.toString()).doesNotContain("\n");
            }
            return false;
        } catch (IOException e) {
            assertThat(e.getMessage()).as(what).startsWith("made up: ").doesNotContain("\n");
            return true;
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
    }
}
