package io.jsockmap.bench.path;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A small request and its answer. */
final class Exchange {
    private final Gathering gathering = new Gathering();
    private long began;
    private long number;

    /** The clock starts now. */
    void begin() {
        began = System.nanoTime();
    }

    /** When it did, in nanoseconds. */
    long began() {
        return began;
    }

    /** Starts the clock and asks. */
    void ask(SocketChannel channel, ByteBuffer request, int next) throws IOException {
        begin();
        askOnly(channel, request, next);
    }

    /** Asks while the clock runs. */
    void askOnly(SocketChannel channel, ByteBuffer request, int next) throws IOException {
        Messages.number(request, next);
        number = Messages.number(request);
        if (channel.write(request.rewind()) != Messages.SMALL) {
            throw new IOException("no room for a request");
        }
    }

    /**
     * Reads the answer.
     *
     * @return whether it is whole
     * @throws IOException if it is another request's
     */
    boolean isAnswered(SocketChannel channel, ByteBuffer shared) throws IOException {
        if (!gathering.read(channel, shared)) return false;
        if (Messages.number(shared) != number) throw new IOException("a wrong answer");
        return true;
    }
}
