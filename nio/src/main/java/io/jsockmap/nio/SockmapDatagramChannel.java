package io.jsockmap.nio;

import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.ErrnoException;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.ScatteringByteChannel;

/**
 * A UDP socket under the engine, connected or not: what it receives is judged by the verdicts of
 * its maps, one datagram at a time. What it sends is not: sk_msg programs take effect on TCP only.
 *
 * <p>Only a connected socket can be redirected to. The engine does not carry senders' addresses, so
 * a read tells none. Errors of single datagrams, such as a port where nobody listens, are reported
 * once, by the next read or write, and do not break the socket.
 *
 * {@snippet class="io.jsockmap.nio.examples.ChannelExamples" region="datagrams"}
 */
public final class SockmapDatagramChannel
        implements ByteChannel, GatheringByteChannel, ScatteringByteChannel {
    private final Endpoint end;
    private final DatagramChannel channel;

    private SockmapDatagramChannel(Endpoint end, DatagramChannel channel) {
        this.end = end;
        this.channel = channel;
    }

    /**
     * Takes over a channel, and binds it if it is not bound.
     *
     * @param channel connected or not, and to stay so; must not be used elsewhere from now on
     */
    public static SockmapDatagramChannel opened(SockmapEngine engine, DatagramChannel channel)
            throws IOException {
        channel.configureBlocking(true);
        if (channel.getLocalAddress() == null) channel.bind(null);
        var addresses =
                new Addresses(
                        SocketKind.UDP, channel.getLocalAddress(), channel.getRemoteAddress());
        if (!(engine.chosen() instanceof UserEngine user)) {
            return new SockmapDatagramChannel(KernelEndpoint.of(channel), channel);
        }
        var transport = new BlockingTransport(user, new DatagramWire(channel));
        var socket = user.opened(addresses, transport);
        return new SockmapDatagramChannel(UserEndpoint.start(socket, transport), channel);
    }

    /** The socket as maps know it. */
    public SockmapSocket socket() {
        return end.socket();
    }

    /**
     * Reads a datagram, waiting for one if need be. What does not fit into the buffer is gone.
     *
     * @return how many bytes were put into the buffer; 0 for an empty datagram, for a buffer
     *     without room, and, if the channel does not block, if there is nothing
     * @throws ErrnoException the socket's error, once, such as ECONNREFUSED
     * @throws ClosedChannelException if the channel is closed
     */
    @Override
    public int read(ByteBuffer target) throws IOException {
        return end.read(target);
    }

    /** {@link #read(ByteBuffer)} of one datagram into several buffers. */
    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        return end.read(targets, offset, length);
    }

    /** {@link #read(ByteBuffer[], int, int)} into all of the buffers. */
    @Override
    public long read(ByteBuffer[] targets) throws IOException {
        return end.read(targets, 0, targets.length);
    }

    /** As {@link #read(ByteBuffer)}, but the datagram stays whole, and so does an error. */
    public int peek(ByteBuffer target) throws IOException {
        return end.peek(target);
    }

    /**
     * Sends a datagram to the peer. One without bytes is not sent, as with the JDK's own channel.
     *
     * @throws NotYetConnectedException if the socket is not connected
     * @throws ErrnoException EMSGSIZE for more than 65507 bytes; the socket's error, once
     * @throws ClosedChannelException if the channel is closed
     */
    @Override
    public int write(ByteBuffer source) throws IOException {
        checkConnected();
        return end.write(source);
    }

    /** {@link #write(ByteBuffer)} of several buffers as one datagram. */
    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        checkConnected();
        return end.write(sources, offset, length);
    }

    /** {@link #write(ByteBuffer[], int, int)} of all of the buffers. */
    @Override
    public long write(ByteBuffer[] sources) throws IOException {
        return write(sources, 0, sources.length);
    }

    private void checkConnected() {
        if (!end.isConnected()) throw new NotYetConnectedException();
    }

    /**
     * Sends a datagram to an address, past the engine.
     *
     * @return how many bytes were sent
     * @throws AlreadyConnectedException if the socket is connected to another address
     * @throws ClosedChannelException if the channel is closed
     */
    public int send(ByteBuffer source, SocketAddress target) throws IOException {
        if (!end.isConnected()) return channel.send(source, target);
        if (!target.equals(end.socket().addresses().remote())) {
            throw new AlreadyConnectedException();
        }
        return write(source);
    }

    /** Bytes of the datagram that can be read without waiting; 0 if there is none. */
    public long available() {
        return end.available();
    }

    /** Whether reads and writes wait, as {@link SockmapChannel#configureBlocking}. */
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
     * datagrams that were written have been given to the platform. Twice is harmless.
     */
    @Override
    public void close() {
        end.close();
    }

    /** Closes, and throws away what waits. */
    public void abort() {
        end.abort();
    }

    @Override
    public String toString() {
        return "SockmapDatagramChannel " + end;
    }
}
