package io.jsockmap.sockmap.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.AttachType;
import io.jsockmap.sockmap.map.UserSockMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.NetworkTest;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Limits;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a verdict does to a received buffer, and who sees it. */
class EditsTest extends NetworkTest {
    private static final String TEN = "0123456789";

    /** A dot stands for a zero byte. */
    private static String zeros(String text) {
        return text.replace('.', '\0');
    }

    private UserObject object;
    private UserSockMap targets;
    private Connection source;
    private Connection target;

    EditsTest() {
        // As on Linux no byte is linear before a program pulls it.
        super(Limits.DEFAULT, Delivery.KERNEL);
    }

    @BeforeEach
    void load() {
        object = network.load("skb-edit");
        targets = object.sockMap("targets");
        source = network.accepted();
        target = network.connected();
        targets.update(0, target.socket(), UpdateFlag.ANY);
        targets.attach(object.program("edit"), AttachType.SK_SKB_STREAM_VERDICT);
    }

    private void insert() {
        targets.update(1, source.socket(), UpdateFlag.ANY);
    }

    private void insertFramed() {
        targets.attach(object.program("parse"), AttachType.SK_SKB_STREAM_PARSER);
        insert();
    }

    private void edit(char operation, long argument, long count, long flags) {
        set("edit_op", operation);
        set("argument", argument);
        set("count", count);
        set("edit_flags", flags);
    }

    private void set(String variable, long value) {
        object.variable(variable).set(value);
    }

    private int seen(String variable) {
        return (int) object.variable(variable).value();
    }

    private String text(String variable) {
        return Bytes.text(object.variable(variable).bytes());
    }

    /** Judges ten bytes by an operation and expects its result. */
    private void gives(int result) {
        if (!source.socket().isMapped()) insert();
        source.peer().sends(TEN);
        assertThat(seen("result")).isEqualTo(result);
    }

    private void leaves(int length, int linear) {
        assertThat(seen("len_after")).as("len").isEqualTo(length);
        assertThat(seen("linear_after")).as("linear part").isEqualTo(linear);
    }

    @Test
    @DisplayName("K2: no byte of a TCP buffer is linear at first, and len counts all")
    void nothingIsLinear() {
        gives(0);

        assertThat(seen("len_before")).isEqualTo(10);
        assertThat(seen("linear_before")).isZero();
    }

    @ParameterizedTest
    @DisplayName("K36: load_bytes reaches bytes that are not linear, and leaves them so")
    @CsvSource({"0, 10", "9, 1", "3, 4"})
    void load(int offset, int count) {
        edit('L', offset, count, 0);
        gives(0);

        leaves(10, 0);
        assertThat(text("loaded")).startsWith(TEN.substring(offset, offset + count) + "\0");
    }

    @ParameterizedTest
    @DisplayName("K36: load_bytes beyond the end is EFAULT, and leaves zeros")
    @CsvSource({"0, 11", "10, 1", "-1, 1", "0x7fffffff, 16"})
    void loadBeyondTheEnd(String offset, int count) {
        edit('L', 0, 10, 0);
        gives(0);
        edit('L', Long.decode(offset), count, 0);
        gives(-Errno.EFAULT.number());

        assertThat(text("loaded")).startsWith("\0".repeat(Math.min(count, 10)));
    }

    @ParameterizedTest
    @DisplayName("K37: store_bytes writes what the reader gets, and pulls what it wrote to")
    @CsvSource({"0, 2, 0", "8, 2, 1", "3, 4, 2", "0, 10, 3"})
    void store(int offset, int count, long flags) {
        edit('S', offset, count, flags);
        gives(0);

        leaves(10, offset + count);
        assertThat(source.reads())
                .isEqualTo(
                        TEN.substring(0, offset)
                                + "*".repeat(count)
                                + TEN.substring(offset + count));
    }

    @ParameterizedTest
    @DisplayName(
            "K37: store_bytes beyond the end is EFAULT, by other flags EINVAL; nothing changes")
    @CsvSource({"9, 2, 0, EFAULT", "-1, 1, 0, EFAULT", "0, 1, 4, EINVAL", "20, 1, 8, EINVAL"})
    void storeRefused(long offset, int count, long flags, Errno errno) {
        edit('S', offset, count, flags);
        gives(-errno.number());

        leaves(10, 0);
        assertThat(source.reads()).isEqualTo(TEN);
    }

    @ParameterizedTest
    @DisplayName("K38: pull_data makes the first bytes linear, 0 those that are")
    @CsvSource({"1, 1", "10, 10", "0, 0"})
    void pull(int length, int linear) {
        edit('P', length, 0, 0);
        gives(0);

        leaves(10, linear);
        assertThat(source.reads()).isEqualTo(TEN);
    }

    @Test
    @DisplayName("K38: pull_data of more than there is gives ENOMEM and pulls nothing")
    void pullTooMuch() {
        edit('P', 11, 0, 0);
        gives(-Errno.ENOMEM.number());

        leaves(10, 0);
    }

    @ParameterizedTest
    @DisplayName("K39: change_tail cuts, or adds zeros; all that is left is linear")
    @CsvSource({"4, 0123", "10, 0123456789", "13, 0123456789..."})
    void changeTail(int length, String expected) {
        edit('T', length, 0, 0);
        gives(0);

        leaves(length, length);
        assertThat(source.reads()).isEqualTo(zeros(expected));
        assertThat(source.account().receive().edited()).isEqualTo(length - 10L);
    }

    @ParameterizedTest
    @DisplayName("K39: change_tail with flags, or to more than 16064 bytes, is EINVAL")
    @CsvSource({"16064, 0, 0", "16065, 0, 22", "4, 1, 22", "-1, 0, 22"})
    void changeTailLimits(long length, long flags, int errno) {
        edit('T', length, 0, flags);
        gives(-errno);

        assertThat(source.reads()).hasSize(errno == 0 ? (int) length : 10);
    }

    @ParameterizedTest
    @DisplayName("K40: change_head puts zeros in front, which are linear")
    @CsvSource({"1, .", "4, ....", "0, ''"})
    void changeHead(int room, String front) {
        edit('H', room, 0, 0);
        gives(0);

        leaves(10 + room, room);
        assertThat(source.reads()).isEqualTo(zeros(front) + TEN);
    }

    @ParameterizedTest
    @DisplayName("K40: change_head with flags, or beyond 16064 bytes in all, is EINVAL")
    @CsvSource({"16054, 0, 0", "16055, 0, 22", "1, 1, 22", "-1, 0, 22"})
    void changeHeadLimits(long room, long flags, int errno) {
        edit('H', room, 0, flags);
        gives(-errno);

        assertThat(source.reads()).hasSize(errno == 0 ? 16064 : 10);
    }

    @ParameterizedTest
    @DisplayName("K41: adjust_room puts zeros in front, or takes bytes away there")
    @CsvSource({
        "3, 13, 3, ...0123456789",
        "-3, 7, 0, 3456789",
        "-10, 0, 0, ''",
        "0, 10, 0, 0123456789"
    })
    void adjustRoom(int difference, int length, int linear, String expected) {
        edit('A', difference, 0, 0);
        gives(0);

        leaves(length, linear);
        assertThat(source.reads()).isEqualTo(zeros(expected));
    }

    @ParameterizedTest
    @DisplayName(
            "K41: adjust_room by a mode or flags EINVAL, by too much EFAULT, of too few ENOMEM")
    @CsvSource({
        "1, 1, 0, EINVAL",
        "1, 0, 1, EINVAL",
        "4096, 0, 0, EFAULT",
        "-4096, 0, 0, EFAULT",
        "-2147483648, 0, 0, EFAULT",
        "-11, 0, 0, ENOMEM"
    })
    void adjustRoomRefused(int difference, long mode, long flags, Errno errno) {
        edit('A', difference, mode, flags);
        gives(-errno.number());

        leaves(10, 0);
        assertThat(source.reads()).isEqualTo(TEN);
    }

    @Test
    @DisplayName("K41: adjust_room by 4095 is the most")
    void adjustRoomMost() {
        edit('A', 4095, 0, 0);
        gives(0);

        assertThat(source.reads()).isEqualTo("\0".repeat(4095) + TEN);
    }

    // --- Framed ----------------------------------------------------------------------------------

    @ParameterizedTest
    @DisplayName(
            "K42, F18: a framed message that a verdict made shorter or longer goes as it left it")
    @CsvSource({"T, 4, 0123", "T, 12, 0123456789..", "H, 2, ..0123456789", "A, -4, 456789"})
    void framedEdits(char operation, int argument, String expected) {
        edit(operation, argument, 0, 0);
        set("frame", 10);
        insertFramed();

        source.peer().sends(TEN + TEN);
        assertThat(source.reads()).as("passed").isEqualTo(zeros(expected + expected));

        set("verdict_is", 'R');
        source.peer().sends(TEN);
        assertThat(target.peer().received()).as("redirected to egress").isEqualTo(zeros(expected));

        set("verdict_is", 'I');
        source.peer().sends(TEN);
        assertThat(target.reads()).as("redirected to ingress").isEqualTo(zeros(expected));
    }

    // --- Emptied ---------------------------------------------------------------------------------

    @ParameterizedTest
    @DisplayName("K39, F41: a stream message cut to nothing is not queued, and stops nobody")
    @CsvSource({"T, 0", "A, -10"})
    void emptied(char operation, int argument) {
        edit(operation, argument, 0, 0);
        for (char verdict : new char[] {'P', 'I', 'R'}) {
            set("verdict_is", verdict);
            gives(0);
        }
        assertThat(source.read(9)).isEqualTo(new Ingress.Nothing());
        assertThat(target.read(9)).isEqualTo(new Ingress.Nothing());

        set("edit_op", 0);
        for (char verdict : new char[] {'P', 'I', 'R'}) {
            set("verdict_is", verdict);
            gives(0);
        }
        assertThat(source.reads()).isEqualTo(TEN);
        assertThat(target.reads()).isEqualTo(TEN);
        assertThat(target.peer().received()).isEqualTo(TEN);
    }

    @Test
    @DisplayName("K29: what a verdict adds and then drops is dropped with the message")
    void editedAndDropped() {
        edit('H', 5, 0, 0);
        set("verdict_is", 'D');
        gives(0);

        assertThat(source.account().receive().dropped()).isEqualTo(15);
        assertThat(source.account().receive().edited()).isEqualTo(5);
    }
}
