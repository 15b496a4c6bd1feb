package io.jsockmap.nio;

import io.jsockmap.bpf.Errno;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.ScatteringByteChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/**
 * A TCP connection or a UNIX stream under the engine, for code that blocks: made for virtual
 * threads.
 *
 * <p>The application reads and writes here instead of at the {@link SocketChannel}, which it gives
 * away. Insert {@link #socket()} into maps to have programs judge what comes and goes. Reading and
 * writing may be done by two threads at once; two readers, or two writers, take turns.
 *
 * <p>{@link java.nio.channels.FileChannel#transferTo} and {@code transferFrom} work with it: what
 * they send is judged like any write, in pieces of 8 KiB, and what they take is what a read gives.
 *
 * {@snippet class="io.jsockmap.nio.examples.ChannelExamples" region="channel"}
 */
public final class SockmapChannel
        implements ByteChannel, GatheringByteChannel, ScatteringByteChannel {
    private final Endpoint end;

    private SockmapChannel(Endpoint end) {
        this.end = end;
    }

    /**
     * Takes over a TCP connection that this side asked for. Programs that hear of connections have
     * run when this returns.
     *
     * @param channel connected; must not be used elsewhere from now on
     * @throws ErrnoException ENOTCONN if it is not connected, EOPNOTSUPP if it is not TCP
     */
    public static SockmapChannel connected(SockmapEngine engine, SocketChannel channel)
            throws IOException {
        return open(engine, channel, SocketKind.TCP, user -> user::connected);
    }

    /** Takes over a TCP connection that was accepted; otherwise as {@link #connected}. */
    public static SockmapChannel accepted(SockmapEngine engine, SocketChannel channel)
            throws IOException {
        return open(engine, channel, SocketKind.TCP, user -> user::accepted);
    }

    /**
     * Takes over a connected UNIX stream, of either side. No program hears of it.
     *
     * @param channel connected; must not be used elsewhere from now on
     * @throws ErrnoException ENOTCONN if it is not connected, EOPNOTSUPP if it is no UNIX stream
     */
    public static SockmapChannel opened(SockmapEngine engine, SocketChannel channel)
            throws IOException {
        return open(engine, channel, SocketKind.UNIX_STREAM, user -> user::opened);
    }

    private interface Opening {
        Sock open(Addresses addresses, BlockingTransport transport);
    }

    private static SockmapChannel open(
            SockmapEngine engine,
            SocketChannel channel,
            SocketKind kind,
            Function<UserEngine, Opening> opening)
            throws IOException {
        channel.configureBlocking(true);
        var local = channel.getLocalAddress();
        var remote = channel.getRemoteAddress();
        if (remote == null) {
            throw new ErrnoException(Errno.ENOTCONN.number(), channel + " is not connected");
        }
        boolean isUnix = remote instanceof UnixDomainSocketAddress;
        if (isUnix != kind.isUnix()) {
            throw new ErrnoException(
                    Errno.EOPNOTSUPP.number(),
                    isUnix
                            ? channel + " is a UNIX stream: take it over by opened()"
                            : channel + " is TCP: take it over by connected() or accepted()");
        }
        if (!(engine.chosen() instanceof UserEngine user)) {
            return new SockmapChannel(KernelEndpoint.of(channel));
        }
        var transport = new BlockingTransport(user, new StreamWire(channel));
        var socket = opening.apply(user).open(new Addresses(kind, local, remote), transport);
        return new SockmapChannel(UserEndpoint.start(socket, transport));
    }

    /** The socket as maps know it. */
    public SockmapSocket socket() {
        return end.socket();
    }

    /**
     * Reads at least one byte, waiting for it if need be: what a verdict passed or another socket
     * redirected here comes first. Takes bytes of several messages, but never of both kinds.
     *
     * @return how many bytes; 0 for a buffer without room, and, if the channel does not block, if
     *     there is nothing yet; or -1 at the end of stream
     * @throws ErrnoException the socket's error, once, such as ECONNRESET
     * @throws ClosedChannelException if the channel is closed
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        return end.read(target);
    }

    /** {@link #read(ByteBuffer)} into several buffers, one after the other, at most 128 KiB. */
    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return end.read(targets, offset, length);
    }

    /** {@link #read(ByteBuffer[], int, int)} into all of the buffers. */
    @Override
    public long read(ByteBuffer[] targets) throws IOException {
        return end.read(targets, 0, targets.length);
    }

    /**
     * As {@link #read(ByteBuffer)}, but what is seen stays (MSG_PEEK), an error too: the next read
     * reports it again.
     */
    public int peek(ByteBuffer target) throws IOException {
        return end.peek(target);
    }

    /**
     * Writes all that remains in the buffer, waiting for room if need be. The sk_msg program, if
     * there is one, judges the bytes first.
     *
     * @return how many bytes were accepted: fewer than remained if a program dropped, or the
     *     connection broke, after some, or if the channel does not block and there is no room
     * @throws ErrnoException if none were: EACCES for a program's drop, EPIPE after the end of
     *     stream or for a redirect to a socket that is gone, ECONNRESET
     * @throws ClosedChannelException if the channel is closed
     */
    @Override
    public int write(ByteBuffer source) throws IOException {
        return end.write(source);
    }

    /** {@link #write(ByteBuffer)} of several buffers as one message (writev(2)). */
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return end.write(sources, offset, length);
    }

    /** {@link #write(ByteBuffer[], int, int)} of all of the buffers. */
    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return end.write(sources, 0, sources.length);
    }

    /** Bytes that can be read without waiting, redirected ones included (FIONREAD). */
    public long available() {
        return end.available();
    }

    /**
     * The channel as a stream, whose {@link InputStream#available()} counts all that can be read,
     * which {@link java.nio.channels.Channels#newInputStream} does not. Closing it closes the
     * channel.
     */
    public InputStream inputStream() {
        return new ChannelInput(this);
    }

    /** Sends the end of stream after the last byte that was written. */
    public void shutdownOutput() {
        end.shutdownOutput();
    }

    /** Later reads find what has been queued, and then the end of stream. */
    public void shutdownInput() {
        end.shutdownInput();
    }

    /**
     * Whether reads and writes wait, as they do unless told otherwise. Those that wait now and must
     * not any more return with what they have; {@link #close()} of a channel that does not block
     * does not wait either.
     */
    public void configureBlocking(boolean block) {
        end.configureBlocking(block);
    }

    public boolean isBlocking() {
        return end.isBlocking();
    }

    /** Tells a listener from now on, and once at once, when to look at the channel again. */
    public void whenReady(ReadinessListener listener) {
        end.whenReady(listener);
    }

    @Override
    public boolean isOpen() {
        return end.isOpen();
    }

    /**
     * Closes: the socket leaves all maps, and a reader that waits finds it closed. Returns when the
     * bytes that were accepted have been given to the platform, or can't be; {@link #abort()}
     * throws them away. Twice is harmless.
     */
    @Override
    public void close() {
        end.close();
    }

    /**
     * Closes with a reset: bytes that wait are thrown away. The peer of a UNIX stream, which knows
     * no reset, sees an end unless bytes lay unread here.
     */
    public void abort() {
        end.abort();
    }

    @Override
    public String toString() {
        return "SockmapChannel " + end;
    }
}
