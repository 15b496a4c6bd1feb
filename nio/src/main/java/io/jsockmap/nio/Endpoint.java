package io.jsockmap.nio;

import io.jsockmap.sockmap.socket.SockmapSocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The application's end of a socket of any kind: what all channels here have in common. */
interface Endpoint {
    /** A scattering read puts no more at once. */
    int MOST_SCATTERED = 1 << 17;

    SockmapSocket socket();

    boolean isConnected();

    int read(ByteBuffer target) throws IOException;

    int peek(ByteBuffer target) throws IOException;

    /** Buffers that are written at once are one message, as with writev(2). */
    long write(ByteBuffer[] sources, int offset, int length) throws IOException;

    default int write(ByteBuffer source) throws IOException {
        return (int) write(new ByteBuffer[] {source}, 0, 1);
    }

    default long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        long room = 0;
        for (int i = offset; i < offset + length; i++) room += targets[i].remaining();
        var all = ByteBuffer.allocate((int) Math.min(room, MOST_SCATTERED));
        int count = read(all);
        all.flip();
        for (int i = offset; all.hasRemaining(); i++) {
            int part = Math.min(all.remaining(), targets[i].remaining());
            targets[i].put(all.slice(all.position(), part));
            all.position(all.position() + part);
        }
        return count;
    }

    long available();

    void shutdownOutput();

    void shutdownInput();

    void configureBlocking(boolean block);

    boolean isBlocking();

    void whenReady(ReadinessListener listener);

    boolean isOpen();

    /** Waits until what was accepted is on its way, unless the application does not wait at all. */
    void close();

    void abort();
}
