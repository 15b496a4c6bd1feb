package io.jsockmap.provider;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;

/** A channel as a stream to write to. */
final class ChannelOutput extends OutputStream {
    private final StreamChannel channel;

    ChannelOutput(StreamChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one});
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        if (!channel.isBlocking()) throw new IllegalBlockingModeException();
        var bytes = ByteBuffer.wrap(source, offset, length);
        // A write is less than all only where a program dropped what is behind: the next one fails.
        while (bytes.hasRemaining()) channel.write(bytes);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
