package io.jsockmap.proxy;

import java.io.IOException;
import java.net.Socket;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads to the end of a stream and gives the digest; slowly where it is told to. */
final class Receiver {
    /** So many bytes are read in crumbs before it reads in large pieces. */
    private static final long CRUMBS = 1 << 20;

    private final SplittableRandom random;
    private final byte[] buffer = new byte[256 << 10];
    private final NavigableMap<Long, Pause> milestones = new TreeMap<>();
    private long read;

    interface Pause {
        void reached() throws InterruptedException, TimeoutException;
    }

    Receiver(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Tells others that so many bytes have been read. */
    Receiver announcing(long position, CountDownLatch latch) {
        milestones.put(position, latch::countDown);
        return this;
    }

    /** Reads no further until it is allowed to, while the sender goes on. */
    Receiver waitingAt(long position, CountDownLatch latch) {
        milestones.put(
                position,
                () -> {
                    if (!latch.await(Loopback.HANG_SECONDS, TimeUnit.SECONDS)) {
                        throw new TimeoutException("not allowed to read beyond " + position);
                    }
                });
        return this;
    }

    byte[] receive(Socket socket) throws IOException, InterruptedException, TimeoutException {
        var digest = Digests.sha256();
        var in = socket.getInputStream();
        while (true) {
            int most = read < CRUMBS ? 1 + random.nextInt(300) : buffer.length;
            int count = in.read(buffer, 0, most);
            if (count < 0) return digest.digest();
            digest.update(buffer, 0, count);
            read += count;
            while (!milestones.isEmpty() && milestones.firstKey() <= read) {
                milestones.pollFirstEntry().getValue().reached();
            }
        }
    }

    /** How many bytes there were. */
    long count() {
        return read;
    }
}
