package io.jsockmap.nio;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.kernel.engine.KernelSocket;
import io.jsockmap.sockmap.socket.ErrnoException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * An end whose programs the kernel runs: the channel as it is, with errors that have their errno.
 *
 * @param <C> a stream or datagrams
 */
final class KernelEndpoint<C extends SelectableChannel & ByteChannel & GatheringByteChannel>
        implements Endpoint {
    private static final Duration WAIT = Duration.ofMillis(200);

    private final C channel;
    private final KernelSocket socket;

    private KernelEndpoint(C channel, KernelSocket socket) {
        this.channel = channel;
        this.socket = socket;
    }

    static Endpoint of(SocketChannel channel) throws IOException {
        return new KernelEndpoint<>(channel, KernelSocket.of(channel));
    }

    static Endpoint of(DatagramChannel channel) throws IOException {
        return new KernelEndpoint<>(channel, KernelSocket.of(channel));
    }

    @Override
    public KernelSocket socket() {
        return socket;
    }

    @Override
    public boolean isConnected() {
        return socket.addresses().remote() != null;
    }

    private interface Operation<T> {
        T run() throws IOException;
    }

    private <T> T tell(String what, Operation<T> operation) throws IOException {
        try {
            return operation.run();
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            var errno = KernelSocket.errnoOf(e);
            if (errno.isEmpty()) throw e;
            throw new ErrnoException(
                    errno.get().number(), "%s at socket %s".formatted(what, socket));
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) return 0;
        return tell("read", () -> channel.read(target));
    }

    @Override
    public int peek(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) return 0;
        while (true) {
            if (!channel.isOpen()) throw new ClosedChannelException();
            try {
                return socket.peek(target);
            } catch (BpfException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw new ErrnoException(e.errno().number(), "peek at socket " + socket);
                }
                if (!isBlocking()) return 0;
                socket.awaitReadable(WAIT);
            }
        }
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        try {
            return tell("write", () -> channel.write(sources, offset, length));
        } catch (ClosedChannelException e) {
            if (!channel.isOpen()) throw e;
            // The channel does not ask the kernel after its own end of stream.
            throw new ErrnoException(Errno.EPIPE.number(), "write at socket " + socket);
        }
    }

    @Override
    public long available() {
        return socket.available();
    }

    @Override
    public void shutdownOutput() {
        unchecked(
                () -> channel instanceof SocketChannel stream ? stream.shutdownOutput() : channel);
    }

    @Override
    public void shutdownInput() {
        unchecked(() -> channel instanceof SocketChannel stream ? stream.shutdownInput() : channel);
    }

    @Override
    public void configureBlocking(boolean block) {
        unchecked(() -> channel.configureBlocking(block));
    }

    private static <T> void unchecked(Operation<T> operation) {
        try {
            operation.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBlocking() {
        return channel.isBlocking();
    }

    @Override
    public void whenReady(ReadinessListener listener) {
        throw new BpfException(
                Errno.EOPNOTSUPP,
                "the kernel engine tells nobody when a channel is ready: register the channel"
                        + " itself with a Selector");
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        unchecked(
                () -> {
                    channel.close();
                    return channel;
                });
    }

    /** With a reset, where there is one. */
    @Override
    public void abort() {
        if (!channel.isOpen()) return;
        unchecked(
                () -> {
                    if (channel instanceof NetworkChannel network
                            && network.supportedOptions()
                                    .contains(StandardSocketOptions.SO_LINGER)) {
                        network.setOption(StandardSocketOptions.SO_LINGER, 0);
                    }
                    channel.close();
                    return channel;
                });
    }

    @Override
    public String toString() {
        return socket.toString();
    }
}
