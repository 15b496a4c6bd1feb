package io.jsockmap.provider;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;

/** What a {@link java.net.Socket} writes to; otherwise as {@link JavaInput}. */
final class JavaOutput extends FilterOutputStream {
    JavaOutput(OutputStream channel) {
        super(channel);
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        try {
            out.write(source, offset, length);
        } catch (ClosedChannelException _) {
            throw new SocketException("Socket closed");
        }
    }
}
