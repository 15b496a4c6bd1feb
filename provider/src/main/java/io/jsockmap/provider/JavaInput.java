package io.jsockmap.provider;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;

/** What a {@link java.net.Socket} reads: one that is closed says so as sockets do. */
final class JavaInput extends FilterInputStream {
    JavaInput(InputStream channel) {
        super(channel);
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (ClosedChannelException _) {
            throw new SocketException("Socket closed");
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return super.read(target, offset, length);
        } catch (ClosedChannelException _) {
            throw new SocketException("Socket closed");
        }
    }
}
