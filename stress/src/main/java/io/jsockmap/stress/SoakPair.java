package io.jsockmap.stress;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.sockmap.socket.ErrnoException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Random;

/**
 * A connection of the {@link Soak}: one end is judged, the other is not; both read all the time.
 */
final class SoakPair implements AutoCloseable {
    private static final Object OPENING = new Object();

    private final Soak soak;
    private final int slot;
    private final Random random;
    private final SockmapChannel judged;
    private final SockmapChannel peer;
    private final Frame.Reader application = new Frame.Reader();
    private final Frame.Reader peerApplication = new Frame.Reader();
    private Thread reading;
    private Thread peerReading;
    private volatile boolean aborted;
    private int passed;
    private int number;

    SoakPair(Soak soak, int slot, Random random) throws IOException {
        this.soak = soak;
        this.slot = slot;
        this.random = random;
        // Odd ones send frames in pieces, and have a program that puts them together.
        synchronized (OPENING) {
            peer =
                    SockmapChannel.connected(
                            soak.engine, SocketChannel.open(soak.listener.getLocalAddress()));
            judged = SockmapChannel.accepted(soak.engine, soak.listener.accept());
        }
        soak.received.update(slot, judged.socket(), UpdateFlag.ANY);
        if (sendsInPieces()) soak.sent.update(slot, judged.socket(), UpdateFlag.ANY);
    }

    private boolean sendsInPieces() {
        return slot % 2 == 1;
    }

    /** Exchanges frames for a while, and ends well, half-closed, or by a reset. */
    void live() throws Exception {
        reading = Thread.startVirtualThread(() -> read(judged, application));
        peerReading = Thread.startVirtualThread(() -> read(peer, peerApplication));
        int rounds = 1 + random.nextInt(200);
        for (int i = 0; i < rounds && !soak.isOver(); i++) exchange();
        if (random.nextInt(5) == 0) {
            aborted = true;
            (random.nextBoolean() ? judged : peer).abort();
        } else {
            endWell();
        }
    }

    private void exchange() throws IOException {
        char verdict = "PPPDRI".charAt(random.nextInt(6));
        int filling = random.nextInt(10) == 0 ? random.nextInt(12_000) : random.nextInt(300);
        write(peer, Frame.received(verdict, id(), number++, filling));
        if (verdict == 'P') passed++;
        if (sendsInPieces()) {
            char sent = "PPDprid".charAt(random.nextInt(7));
            writeJudged(Frame.sent(sent, id(), number++, random.nextInt(200)), sent);
        }
        soak.frames.incrementAndGet();
    }

    private long id() {
        return judged.socket().cookie();
    }

    /**
     * Frames that pass may be cut; the others are sent at once, as a failure is for all of them.
     */
    private void writeJudged(ByteBuffer frame, char verdict) throws IOException {
        try {
            if (verdict == 'P' || verdict == 'p') {
                int cut = random.nextInt(frame.limit());
                write(judged, frame.slice(0, cut));
                write(judged, frame.position(cut));
            } else {
                write(judged, frame);
            }
        } catch (ErrnoException e) {
            boolean expected =
                    e.number() == Errno.EACCES.number() && verdict != 'P' && verdict != 'p'
                            || e.number() == Errno.EPIPE.number()
                                    && (verdict == 'r' || verdict == 'i');
            if (!expected) throw e;
        }
    }

    private static void write(SockmapChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    private void read(SockmapChannel channel, Frame.Reader reader) {
        var buffer = ByteBuffer.allocate(8192);
        try {
            while (channel.read(buffer) >= 0) {
                reader.take(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            if (!aborted) soak.failed(e);
        } catch (RuntimeException | Error e) {
            soak.failed(e);
        }
    }

    /** Each side ends its stream; what was passed has arrived by then. */
    private void endWell() throws Exception {
        peer.shutdownOutput();
        reading.join();
        judged.shutdownOutput();
        peerReading.join();
        int arrived = application.count('P', id());
        if (arrived != passed) {
            soak.failed(
                    new IllegalStateException(
                            "%s: %d frames passed, %d arrived"
                                    .formatted(judged.socket(), passed, arrived)));
        }
    }

    @Override
    public void close() throws Exception {
        judged.close();
        peer.close();
        reading.join();
        peerReading.join();
    }
}
