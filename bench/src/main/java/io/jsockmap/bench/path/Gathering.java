package io.jsockmap.bench.path;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Reads messages of 64 bytes, each of which nearly always comes in one piece. */
final class Gathering {
    private static final byte[] NOTHING = {};

    private byte[] part = NOTHING;

    /**
     * Reads into a buffer that is shared with others.
     *
     * @return whether it holds a whole message now
     * @throws EOFException if the stream has ended
     */
    boolean read(SocketChannel channel, ByteBuffer shared) throws IOException {
        shared.clear().put(part).limit(Messages.SMALL);
        if (channel.read(shared) < 0) throw new EOFException("the stream ended");
        if (shared.hasRemaining()) {
            part = new byte[shared.position()];
            shared.get(0, part);
            return false;
        }
        part = NOTHING;
        shared.flip();
        return true;
    }
}
