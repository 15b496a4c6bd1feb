package io.jsockmap.sockmap.message;

import static io.jsockmap.sockmap.message.Part.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.socket.Delivery;
import io.jsockmap.sockmap.socket.SkMsg;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** How a message lies in memory, and so what a program sees of it: figures seen on Linux. */
class FirstElementTest extends ScriptTest {
    FirstElementTest() {
        super(Delivery.KERNEL);
    }

    @BeforeEach
    void pass() {
        script.plays(run());
    }

    @ParameterizedTest
    @DisplayName("S4, S5: the first send of a socket shows all up to 32768 bytes")
    @CsvSource({
        "1, 1",
        "100, 100",
        "4096, 4096",
        "8192, 8192",
        "16384, 16384",
        "32768, 32768",
        "32769, 32768",
        "65536, 32768",
        "131072, 32768"
    })
    void firstSend(int size, int visible) {
        var text = Bytes.pattern(size);

        source.sends(text).succeeds();

        assertThat(script.onlyRun()).isEqualTo(seen(size, visible, text));
        assertThat(source.peer().received()).isEqualTo(text);
    }

    private static Seen seen(int size, int visible, String text) {
        return new Seen(size, visible, text.charAt(0), List.of());
    }

    @Test
    @DisplayName("S4: where a fragment ends within a message, so does the element")
    void fragmentsGoOnOverMessages() {
        for (int i = 0; i < 3; i++) source.sends(Bytes.pattern(20000)).succeeds();

        assertThat(script.visible()).containsExactly(20000, 12768, 20000);
    }

    @Test
    @DisplayName("S4: sends of whole fragments")
    void wholeFragments() {
        for (int i = 0; i < 3; i++) source.sends(Bytes.pattern(65536)).succeeds();

        assertThat(script.visible()).containsExactly(32768, 32768, 32768);
    }

    @Test
    @DisplayName("S4, S6, S13: a send of 1 MiB is two messages, of 17 elements and of the rest")
    void sendLargerThanTheRing() {
        var text = Bytes.pattern(1 << 20);

        source.sends(text).succeeds();

        assertThat(script.sizes()).containsExactly(17 * 32768, 491520);
        assertThat(source.peer().received()).isEqualTo(text);
    }

    @ParameterizedTest
    @DisplayName("S4, S13: a gathering write is one message, whose small parts are one element")
    @CsvSource({"64, 10, 640, 640", "20, 4096, 81920, 32768", "300, 1000, 300000, 32768"})
    void gatheringWrite(int parts, int each, int size, int visible) {
        var text = Bytes.pattern(parts * each);

        var sending =
                source.sends(
                        IntStream.range(0, parts)
                                .mapToObj(i -> Bytes.of(text.substring(i * each, (i + 1) * each)))
                                .map(ByteBuffer::wrap)
                                .toArray(ByteBuffer[]::new));

        assertThat(sending.accepted()).isEqualTo(size);
        assertThat(script.onlyRun()).isEqualTo(seen(size, visible, text));
        assertThat(source.peer().received()).isEqualTo(text);
    }

    @Test
    @DisplayName("S4: a gathering write beyond the ring is cut where the ring is full")
    void gatheringWriteBeyondTheRing() {
        var part = Bytes.pattern(100_000);

        source.sends(
                        Collections.nCopies(6, part).stream()
                                .map(Bytes::of)
                                .map(ByteBuffer::wrap)
                                .toArray(ByteBuffer[]::new))
                .succeeds();

        assertThat(script.sizes()).containsExactly(SkMsg.MAX_SIZE, 600_000 - SkMsg.MAX_SIZE);
        assertThat(source.peer().received()).isEqualTo(part.repeat(6));
    }

    @Test
    @DisplayName("S7, D1: bytes of a file come as those of any send, and are visible")
    void bytesOfAFile() {
        // What FileChannel.transferTo gives a channel: a buffer that is not an array, read-only.
        var mapped = ByteBuffer.allocateDirect(10000).put(Bytes.of(Bytes.pattern(10000))).flip();

        source.sends(mapped.asReadOnlyBuffer()).succeeds();

        assertThat(script.visible()).containsExactly(10000);
        assertThat(source.peer().received()).isEqualTo(Bytes.pattern(10000));
    }

    @Test
    @DisplayName("S45: on a run for the rest, the first element of the rest is visible")
    void rerunSeesItsFirstElement() {
        script.plays(run().pull(0, 40000).apply(30000), run().apply(10000), run().apply(0));

        source.sends(Bytes.pattern(70000)).succeeds();

        assertThat(script.sizes()).containsExactly(70000, 40000, 30000);
        // The pull made one piece of the first two elements, 65536 bytes.
        assertThat(script.visible()).containsExactly(32768, 35536, 25536);
    }

    @Test
    @DisplayName("S20: a cork beyond the ring ends with the ring, whose rest is a message")
    void corkBeyondTheRing() {
        script.plays(run().cork(4 << 20));

        for (int i = 0; i < 9; i++) source.sends(Bytes.pattern(65536)).succeeds();

        assertThat(script.sizes()).containsExactly(65536, 557056, 32768);
        assertThat(source.peer().received()).hasSize(557056);
        assertThat(source.account().corked()).isEqualTo(32768);
        source.shutsOutput();
        assertThat(source.peer().received()).hasSize(32768);
    }
}
