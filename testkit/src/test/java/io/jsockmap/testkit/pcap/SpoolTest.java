package io.jsockmap.testkit.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/** A file that is written by a thread of its own. */
class SpoolTest {
    /** A disk that is busy until it is told to go on. */
    static final class Busy extends OutputStream {
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private final CountDownLatch free = new CountDownLatch(1);
        private volatile boolean closed;

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            written.write(bytes, offset, length);
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        void goOn() {
            free.countDown();
        }

        byte[] written() {
            return written.toByteArray();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void whoWritesNeverWaitsAndWhatHasNoRoomIsLeftOutAsAWhole() throws Exception {
        var disk = new Busy();
        var spool = new Spool(disk, 10);
        spool.write(Captures.bytes("abcdef"));
        spool.write(Captures.bytes("ghijk"));
        spool.write(Captures.bytes("lmno"));
        spool.write('p');
        spool.flush();

        assertThat(spool.leftOut()).isEqualTo(6);
        assertThat(disk.written()).isEmpty();

        disk.goOn();
        spool.close();
        spool.close();
        assertThat(disk.closed).isTrue();
        assertThat(Captures.text(disk.written())).isEqualTo("abcdeflmno");
    }

    @Test
    void whatWasWrittenMakesRoomAgain() throws Exception {
        var disk = new ByteArrayOutputStream();
        var spool = new Spool(disk, 3);
        spool.write(Captures.bytes("abc"));
        long before;
        do {
            before = spool.leftOut();
            spool.write(Captures.bytes("def"));
        } while (spool.leftOut() > before);
        spool.close();
        assertThat(disk.toString()).isEqualTo("abcdef");
    }

    @Test
    void aDiskThatFailsIsToldToWhoWritesNext() {
        var full =
                new OutputStream() {
                    @Override
                    public void write(int value) throws IOException {
                        throw new IOException("No space left on device");
                    }
                };
        var spool = new Spool(full, 100);
        assertThatThrownBy(
                        () -> {
                            while (true) spool.write('a');
                        })
                .isInstanceOf(IOException.class)
                .hasMessage("No space left on device");
        assertThatThrownBy(spool::close).hasMessage("No space left on device");
    }
}
