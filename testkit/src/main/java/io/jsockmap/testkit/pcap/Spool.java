package io.jsockmap.testkit.pcap;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A file that one thread writes, so that nobody else waits for the disk: what is written here is
 * only put into a queue. Where there is no room in it any more, a write is left out, all of it, and
 * counted. What a {@link CaptureWriter} writes at once are whole packets, so a capture stays one:
 * who reads it sees that bytes of the connections are missing, and which.
 *
 * <p>May be called from any thread.
 *
 * {@snippet class="io.jsockmap.testkit.examples.CaptureExamples" region="record"}
 */
public final class Spool extends OutputStream {
    /** Room enough for a disk that is busy for a moment. */
    public static final int ROOM = 64 << 20;

    private static final byte[] END = {};

    private final OutputStream file;
    private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
    private final Semaphore room;
    private final AtomicLong leftOut = new AtomicLong();
    private final Thread writer;
    private volatile IOException failure;

    /**
     * @param file closed with this
     * @param room how many bytes may wait; {@link #ROOM}
     */
    public Spool(OutputStream file, int room) {
        this.file = file;
        this.room = new Semaphore(room);
        writer = Thread.ofPlatform().daemon().name("recording to file").start(this::writeAll);
    }

    private void writeAll() {
        try (file) {
            for (var next = queue.take(); next.length > 0; next = queue.take()) {
                file.write(next);
                room.release(next.length);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException _) {
            // Nobody does that.
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Puts bytes into the queue.
     *
     * @throws IOException if what came before could not be written
     */
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        check();
        if (length == 0) return;
        if (room.tryAcquire(length)) {
            queue.add(Arrays.copyOfRange(bytes, offset, offset + length));
        } else {
            leftOut.addAndGet(length);
        }
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /** Waits for nothing: what is in the queue is written as soon as it can be. */
    @Override
    public void flush() throws IOException {
        check();
    }

    private void check() throws IOException {
        if (failure != null) throw new IOException(failure.getMessage(), failure);
    }

    /** How many bytes there was no room for. */
    public long leftOut() {
        return leftOut.get();
    }

    /**
     * Waits until all is in the file. Twice is harmless.
     *
     * @throws IOException if something could not be written
     */
    @Override
    public void close() throws IOException {
        queue.add(END);
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException _) {
                // Who is told that the file is closed may rely on that.
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
        check();
    }
}
