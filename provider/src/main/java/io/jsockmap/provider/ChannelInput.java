package io.jsockmap.provider;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.util.Objects;
import java.util.function.IntSupplier;

/** A channel's bytes as a stream, whose reads wait for so long as its socket says (SO_TIMEOUT). */
final class ChannelInput extends InputStream {
    private final StreamChannel channel;
    private final IntSupplier timeout;

    ChannelInput(StreamChannel channel, IntSupplier timeout) {
        this.channel = channel;
        this.timeout = timeout;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) return 0;
        if (!channel.isBlocking()) throw new IllegalBlockingModeException();
        return channel.read(ByteBuffer.wrap(target, offset, length), timeout.getAsInt());
    }

    @Override
    public int available() throws IOException {
        return channel.available();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
