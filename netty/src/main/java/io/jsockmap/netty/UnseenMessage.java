package io.jsockmap.netty;

import io.jsockmap.sockmap.socket.Chunk;
import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCountUtil;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A message of Netty's whose bytes nobody has looked at. Unless somebody does, the same object
 * comes out of the engine as went in.
 */
class UnseenMessage implements Chunk.Source {
    private final Object message;
    private final int length;

    /**
     * @param message a {@link ByteBuf} or {@link FileRegion}, which is given away
     * @param length its bytes
     */
    UnseenMessage(Object message, int length) {
        this.message = message;
        this.length = length;
    }

    /** Gives the message away. */
    Object message() {
        return message;
    }

    int length() {
        return length;
    }

    @Override
    public byte[] fetch() {
        try {
            var bytes = new byte[length];
            if (message instanceof ByteBuf buffer) {
                buffer.getBytes(buffer.readerIndex(), bytes);
            } else {
                RegionReader.read((FileRegion) message, bytes);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void drop() {
        ReferenceCountUtil.release(message);
    }
}
