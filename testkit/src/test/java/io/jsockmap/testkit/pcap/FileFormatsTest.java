package io.jsockmap.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.HexFormat;
import java.util.List;

/** Both formats, in all the shapes in which they are written. */
class FileFormatsTest {
    private static final Instant TIME = Instant.parse("2024-02-29T12:34:56.123456789Z");
    private static final int MICROSECONDS_OF_TIME = 123_456_000;
    private static final byte[] NONE = {};
    private static final byte[] DATAGRAM =
            IpBytes.udp(Exchange.ENDS, View.of(Captures.bytes("hello")));

    private static ByteOrder order(String name) {
        return name.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private static Piece onlyPiece(byte[] file) throws Exception {
        var capture = Captures.read(file);
        assertThat(capture.notes()).isEmpty();
        assertThat(capture.conversations()).hasSize(1);
        assertThat(capture.conversations().getFirst().pieces()).hasSize(1);
        var piece = capture.conversations().getFirst().pieces().getFirst();
        assertThat(Captures.text(piece.bytes())).isEqualTo("hello");
        return piece;
    }

    @ParameterizedTest
    @CsvSource({"big, false", "little, false", "big, true", "little, true"})
    void theClassicFormatInBothOrdersAndResolutions(String order, boolean nanoseconds)
            throws Exception {
        var file = new Captures.Classic(order(order), nanoseconds, 101).packet(TIME, DATAGRAM);
        var piece = onlyPiece(file.file());
        assertThat(piece.time())
                .isEqualTo(
                        nanoseconds
                                ? TIME
                                : TIME.with(ChronoField.NANO_OF_SECOND, MICROSECONDS_OF_TIME));
        assertThat(piece.packet()).isEqualTo(1);
    }

    @Test
    void aFileWithoutPacketsIsACaptureOfNothing() throws Exception {
        assertThat(Captures.read(Captures.Classic.raw().file()))
                .isEqualTo(new Capture(List.of(), 0, List.of()));
    }

    @ParameterizedTest
    @CsvSource({"big", "little"})
    void blocksInBothOrders(String order) throws Exception {
        var file = new Captures.Blocks().section(order(order)).device(101, 0, NONE);
        long micros = TIME.getEpochSecond() * 1_000_000 + 123_456;
        assertThat(onlyPiece(file.packet(0, micros, DATAGRAM, NONE).file()).time())
                .isEqualTo(TIME.minusNanos(789));
    }

    @ParameterizedTest
    @CsvSource({
        "06, 1500000, 1970-01-01T00:00:01.5Z",
        "09, 1500000000, 1970-01-01T00:00:01.5Z",
        "00, 7, 1970-01-01T00:00:07Z",
        "81, 3, 1970-01-01T00:00:01.5Z",
        "a0, 6442450944, 1970-01-01T00:00:01.5Z",
        "7f, 9223372036854775807, 1970-01-01T00:00:00Z",
        "09, -1, 2554-07-21T23:34:33.709551615Z"
    })
    void timesOfAnyResolution(String resolution, long ticks, Instant time) throws Exception {
        var file = new Captures.Blocks().section(ByteOrder.LITTLE_ENDIAN);
        file.device(101, 0, file.option(9, HexFormat.of().parseHex(resolution)));
        assertThat(onlyPiece(file.packet(0, ticks, DATAGRAM, NONE).file()).time()).isEqualTo(time);
    }

    @Test
    void timesCountFromWhereTheInterfaceSays() throws Exception {
        var file = new Captures.Blocks().section(ByteOrder.BIG_ENDIAN);
        file.device(101, 0, file.option(14, file.buffer(8).putLong(1000).array()));
        assertThat(onlyPiece(file.packet(0, 500_000, DATAGRAM, NONE).file()).time())
                .isEqualTo(Instant.ofEpochSecond(1000, 500_000_000));
    }

    @Test
    void eachPacketHasTheLinkTypeOfItsInterfaceAndEachSectionItsOwnOrder() throws Exception {
        var ethernet =
                ByteBuffer.allocate(14 + DATAGRAM.length)
                        .putShort(12, (short) 0x0800)
                        .put(14, DATAGRAM)
                        .array();
        var file =
                new Captures.Blocks()
                        .section(ByteOrder.BIG_ENDIAN)
                        .device(101, 0, NONE)
                        .device(1, 0, NONE)
                        .packet(1, 0, ethernet, NONE)
                        .section(ByteOrder.LITTLE_ENDIAN)
                        .device(1, 0, NONE)
                        .packet(0, 0, ethernet, NONE)
                        .file();
        var pieces = Captures.read(file).conversations().getFirst().pieces();
        assertThat(pieces).extracting(Piece::packet).containsExactly(1L, 2L);
    }

    @Test
    void blocksThatAreNotKnownArePassedOver() throws Exception {
        var file = new Captures.Blocks().section(ByteOrder.BIG_ENDIAN);
        file.block(5, file.buffer(400)).device(101, 0, NONE).block(0xbad, file.buffer(20_000));
        onlyPiece(file.packet(0, 0, DATAGRAM, NONE).file());
    }

    @Test
    void theOlderKindOfPacketBlock() throws Exception {
        var file = new Captures.Blocks().section(ByteOrder.BIG_ENDIAN).device(101, 0, NONE);
        int padded = DATAGRAM.length + 3 & -4;
        var body =
                file.buffer(20 + padded)
                        .putShort((short) 0)
                        .putShort((short) 7)
                        .putLong(1_000_000)
                        .putInt(DATAGRAM.length)
                        .putInt(DATAGRAM.length)
                        .put(DATAGRAM);
        assertThat(onlyPiece(file.block(2, body).file()).time())
                .isEqualTo(Instant.ofEpochSecond(1));
    }

    @Test
    void aSimplePacketHasTheTimeOfTheOneBeforeItAndIsCutAsItsInterfaceSays() throws Exception {
        var file = new Captures.Blocks().section(ByteOrder.BIG_ENDIAN).device(101, 31, NONE);
        file.packet(0, 5_000_000, DATAGRAM, NONE);
        int padded = 31 + 3 & -4;
        file.block(3, file.buffer(4 + padded).putInt(DATAGRAM.length).put(4, DATAGRAM, 0, 31));
        var conversation = Captures.read(file.file()).conversations().getFirst();
        assertThat(conversation.pieces()).hasSize(1);
        assertThat(conversation.notes())
                .containsExactly(
                        "packet 2: cut off by the capture within what it brings, and left out");

        var whole = new Captures.Blocks().section(ByteOrder.BIG_ENDIAN).device(101, 0, NONE);
        whole.packet(0, 5_000_000, DATAGRAM, NONE);
        int all = DATAGRAM.length + 3 & -4;
        whole.block(3, whole.buffer(4 + all).putInt(DATAGRAM.length).put(4, DATAGRAM));
        assertThat(Captures.read(whole.file()).conversations().getFirst().pieces().getLast().time())
                .isEqualTo(Instant.ofEpochSecond(5));
    }

    @Test
    void commentsAreRemarksOfTheirConversation() throws Exception {
        var file = new Captures.Blocks().section(ByteOrder.LITTLE_ENDIAN).device(101, 0, NONE);
        var comment = file.option(1, Captures.bytes("look here"));
        var capture = Captures.read(file.packet(0, 0, DATAGRAM, comment).file());
        assertThat(capture.conversations().getFirst().remarks())
                .containsExactly(new Remark(1, "look here"));
    }
}
