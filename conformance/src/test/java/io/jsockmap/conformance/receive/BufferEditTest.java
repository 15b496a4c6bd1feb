package io.jsockmap.conformance.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.conformance.lab.EngineTest;
import io.jsockmap.conformance.lab.KernelFault;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a verdict does to a received buffer, and who sees it. */
@EngineTest
class BufferEditTest extends EditedBuffers {
    private static final String TEN = "0123456789";

    /** A dot stands for a zero byte. */
    private static String zeros(String text) {
        return text.replace('.', '\0');
    }

    /** Ten bytes are judged without a parser, and that is read. */
    private void readsAs(String expected) throws Exception {
        judgeBuffers();
        source.farSends(TEN);
        source.receives(zeros(expected));
    }

    private void gave(long result) {
        assertThat(seen("result")).isEqualTo(result);
    }

    private void refused(Errno errno) {
        gave(-errno.number());
        assertThat(seen("len_after")).isEqualTo(10);
    }

    // --- load_bytes and store_bytes --------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"0, 10", "9, 1", "3, 4"})
    @DisplayName("K36: load_bytes reads bytes wherever they lie")
    void load(int offset, int count) throws Exception {
        edit('L', offset, count, 0);

        readsAs(TEN);

        gave(0);
        assertThat(text("loaded")).startsWith(TEN.substring(offset, offset + count) + "\0");
    }

    @ParameterizedTest
    @CsvSource({"0, 11", "10, 1", "-1, 1", "2147483647, 16"})
    @DisplayName("K36: load_bytes beyond the end is EFAULT, and leaves zeros")
    void loadBeyondTheEnd(long offset, int count) throws Exception {
        edit('L', offset, count, 0);

        readsAs(TEN);

        refused(Errno.EFAULT);
        assertThat(text("loaded")).isEqualTo("\0".repeat(16));
    }

    @ParameterizedTest
    @CsvSource({"0, 2, **23456789", "8, 2, 01234567**", "3, 4, 012****789", "0, 10, **********"})
    @DisplayName("K37: store_bytes writes what the reader gets")
    void store(int offset, int count, String expected) throws Exception {
        edit('S', offset, count, 0);

        readsAs(expected);

        gave(0);
    }

    @ParameterizedTest
    @CsvSource({"9, 2, 0, EFAULT", "-1, 1, 0, EFAULT", "0, 1, 4, EINVAL", "20, 1, 8, EINVAL"})
    @DisplayName("K37: store_bytes beyond the end is EFAULT, by other flags EINVAL")
    void storeRefused(long offset, int count, long flags, Errno errno) throws Exception {
        edit('S', offset, count, flags);

        readsAs(TEN);

        refused(errno);
    }

    // --- pull_data -------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    @DisplayName("K2, K38: pull_data makes the first bytes linear")
    void pull(int length) throws Exception {
        edit('P', length);

        readsAs(TEN);

        gave(0);
        assertThat(seen("linear_after")).isBetween((long) length, 10L);
    }

    @Test
    @DisplayName("K38: pull_data of more than there is gives ENOMEM")
    void pullTooMuch() throws Exception {
        edit('P', 11);

        readsAs(TEN);

        refused(Errno.ENOMEM);
    }

    // --- Lengths ---------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"4, 0123", "10, 0123456789", "13, 0123456789..."})
    @DisplayName("K39: change_tail cuts, or adds zeros")
    void changeTail(int length, String expected) throws Exception {
        edit('T', length);

        readsAs(expected);

        gave(0);
        assertThat(seen("len_after")).isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource({"16065, 0", "4, 1", "-1, 0"})
    @DisplayName("K39: change_tail with flags, or to more than 16064 bytes, is EINVAL")
    void changeTailRefused(long length, long flags) throws Exception {
        edit('T', length, 0, flags);

        readsAs(TEN);

        refused(Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({"1, .0123456789", "4, ....0123456789", "0, 0123456789"})
    @DisplayName("K40: change_head puts zeros in front")
    void changeHead(int room, String expected) throws Exception {
        edit('H', room);

        readsAs(expected);

        gave(0);
    }

    @ParameterizedTest
    @CsvSource({"16055, 0", "1, 1", "-1, 0"})
    @DisplayName("K40: change_head with flags, or beyond 16064 bytes in all, is EINVAL")
    void changeHeadRefused(long room, long flags) throws Exception {
        edit('H', room, 0, flags);

        readsAs(TEN);

        refused(Errno.EINVAL);
    }

    @ParameterizedTest
    @CsvSource({"3, ...0123456789", "-3, 3456789", "0, 0123456789"})
    @DisplayName("K41: adjust_room puts zeros in front, or takes bytes away there")
    void adjustRoom(int difference, String expected) throws Exception {
        edit('A', difference);

        readsAs(expected);

        gave(0);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 0, EINVAL",
        "1, 0, 1, EINVAL",
        "4096, 0, 0, EFAULT",
        "-4096, 0, 0, EFAULT",
        "-11, 0, 0, ENOMEM"
    })
    @DisplayName("K41: adjust_room by mode or flags EINVAL, by too much EFAULT, of too few ENOMEM")
    void adjustRoomRefused(int difference, long mode, long flags, Errno errno) throws Exception {
        edit('A', difference, mode, flags);

        readsAs(TEN);

        refused(errno);
    }

    @Test
    @DisplayName("K39: what a verdict cut and redirects to egress leaves as it was left")
    void cutAndRedirected() throws Exception {
        edit('T', 4);
        verdict('R');
        judgeBuffers();

        source.farSends(TEN);

        target.farReceives("0123");
    }

    @ParameterizedTest
    @CsvSource({"T, 0", "A, -10"})
    @DisplayName("F41: a message that is cut to nothing and passed stops no reader")
    @KernelFault(value = "F41", instead = "every read fails with EFAULT")
    void emptied(char operation, int argument) throws Exception {
        edit(operation, argument);
        judgeBuffers();
        peerSends(TEN);

        edit('\0', 0);
        source.farSends("next");

        source.receives("next");
    }

    // --- Framed ----------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({"T, 12, 0123456789..", "H, 2, ..0123456789", "A, 3, ...0123456789"})
    @DisplayName("F18, K42: a framed message that a verdict made longer is passed as it left it")
    @KernelFault(value = "F18", instead = "its first 10 bytes are passed")
    void framedAndLonger(char operation, int argument, String expected) throws Exception {
        edit(operation, argument);
        judgeFrames(10);

        source.farSends(TEN);

        source.receives(zeros(expected));
    }

    @ParameterizedTest
    @CsvSource({"T, 4, 0123", "A, -4, 456789"})
    @DisplayName("F18, K42: a framed message that it made shorter leaves the target as it left it")
    @KernelFault(value = "F18", instead = "the target is broken by EPIPE")
    void framedShorterAndRedirected(char operation, int argument, String expected)
            throws Exception {
        edit(operation, argument);
        verdict('R');
        judgeFrames(10);

        source.farSends(TEN);
        target.farReceives(expected);
        source.farSends(TEN);

        target.farReceives(expected);
    }

    @ParameterizedTest
    @CsvSource({"T, 4, 0123", "A, -4, 456789"})
    @DisplayName("F18, K42: a framed message that it made shorter is passed as it left it")
    @KernelFault(value = "F18", instead = "the kernel panics")
    void framedAndShorter(char operation, int argument, String expected) throws Exception {
        edit(operation, argument);
        judgeFrames(10);

        source.farSends(TEN + TEN);

        source.receives(expected + expected);
    }

    @Test
    @DisplayName("F12, K11: a store at 0 reaches each message of a buffer, not the first alone")
    @KernelFault(value = "F12", instead = "stores of later messages reach bytes nobody gets")
    void storesReachTheirMessage() throws Exception {
        edit('S', 0, 2, 0);
        judgeFrames(5);

        source.farSends("aaaaabbbbbccccc");

        source.receives("**aaa**bbb**ccc");
        assertThat(text("first_bytes")).startsWith("**ccc\0");
    }
}
