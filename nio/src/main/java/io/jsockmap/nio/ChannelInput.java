package io.jsockmap.nio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;

/** A channel as a stream that knows, other than the JDK's, how much can be read. */
final class ChannelInput extends InputStream {
    private final SockmapChannel channel;

    ChannelInput(SockmapChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read() throws IOException {
        var one = ByteBuffer.allocate(1);
        return readInto(one) < 0 ? -1 : Byte.toUnsignedInt(one.get(0));
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return readInto(ByteBuffer.wrap(target, offset, length));
    }

    private int readInto(ByteBuffer target) throws IOException {
        if (!channel.isBlocking()) throw new IllegalBlockingModeException();
        return channel.read(target);
    }

    @Override
    public int available() {
        return (int) Math.min(channel.available(), Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        channel.close();
    }
}
