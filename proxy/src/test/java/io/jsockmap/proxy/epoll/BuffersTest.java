package io.jsockmap.proxy.epoll;

import static org.assertj.core.api.Assertions.assertThat;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.jsockmap.sockmap.socket.Chunk;

import org.junit.jupiter.api.Test;

/** An array is read into again only when nobody can have a byte of what it had. */
class BuffersTest {
    private static final int MUCH = 40_000;

    private final Buffers buffers = new Buffers();

    private Chunk take(int count) {
        return new Chunk(buffers.take(count), 0, count);
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isReadIntoAgain(Chunk chunk) {
        for (int turn = 0; turn < 50; turn++) {
            if (take(MUCH).array() == chunk.array()) return true;
        }
        return false;
    }

    @Test
    void fewBytesAreCopied() {
        buffers.current().set(JAVA_BYTE, 1, (byte) 7);
        assertThat(buffers.take(2)).containsExactly(0, 7);
        assertThat(buffers.take(2)).containsExactly(0, 7);
    }

    @Test
    void whatIsWrittenWholeComesBack() {
        var chunk = take(MUCH);
        buffers.written(chunk);
        assertThat(isReadIntoAgain(chunk)).isTrue();
    }

    @Test
    void ofWhatIsWrittenInPartSomebodyHasTheRest() {
        var chunk = take(MUCH);
        buffers.written(chunk.first(MUCH - 1));
        buffers.written(chunk.from(1));
        assertThat(isReadIntoAgain(chunk)).isFalse();
    }

    @Test
    void itComesBackOnce() {
        var chunk = take(MUCH);
        buffers.written(chunk);
        buffers.written(chunk);
        assertThat(isReadIntoAgain(chunk)).isTrue();
        assertThat(isReadIntoAgain(chunk)).isFalse();
    }

    @Test
    void anotherArrayIsNoneOfIts() {
        var other = Chunk.of(new byte[1 << 16]);
        buffers.written(other);
        assertThat(isReadIntoAgain(other)).isFalse();
    }
}
