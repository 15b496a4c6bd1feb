package io.jsockmap.kernel.engine;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.kernel.call.Bpf;
import io.jsockmap.kernel.call.Descriptor;
import io.jsockmap.kernel.call.Libc;
import io.jsockmap.kernel.channel.ChannelDescriptors;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A socket of this process, as the kernel's maps take it. It stays the owner's, who closes it: then
 * it leaves all maps.
 *
 * {@snippet class="io.jsockmap.kernel.examples.KernelExamples" region="socket"}
 */
public final class KernelSocket implements SockmapSocket {
    private static final int SOL_SOCKET = 1;
    private static final int SO_COOKIE = 57;
    private static final long FIONREAD = 0x541b;
    private static final int MSG_PEEK = 2;
    private static final int MSG_DONTWAIT = 0x40;

    private final int descriptor;
    private final long cookie;
    private final Addresses addresses;

    private KernelSocket(int descriptor, Addresses addresses) {
        this.descriptor = descriptor;
        this.addresses = addresses;
        cookie = cookieOf(descriptor);
    }

    /**
     * The socket of a channel. The channel stays usable: the kernel judges what it sends and
     * receives.
     *
     * @throws BpfException EOPNOTSUPP if its descriptor can't be found; the message names the
     *     option of the launcher that helps
     * @throws IOException if the channel is closed
     */
    public static KernelSocket of(SocketChannel channel) throws IOException {
        var local = channel.getLocalAddress();
        var kind = local instanceof InetSocketAddress ? SocketKind.TCP : SocketKind.UNIX_STREAM;
        var addresses = new Addresses(kind, local, channel.getRemoteAddress());
        return new KernelSocket(ChannelDescriptors.of(channel), addresses);
    }

    /** {@link #of(SocketChannel)} of a UDP socket. */
    public static KernelSocket of(DatagramChannel channel) throws IOException {
        var addresses =
                new Addresses(
                        SocketKind.UDP, channel.getLocalAddress(), channel.getRemoteAddress());
        return new KernelSocket(ChannelDescriptors.of((Channel) channel), addresses);
    }

    /**
     * The socket of a descriptor that somebody else owns, such as a Netty channel's {@code fd()}.
     *
     * @throws BpfException EBADF and ENOTSOCK for a descriptor that is no socket's
     */
    public static KernelSocket of(int descriptor, Addresses addresses) {
        return new KernelSocket(descriptor, addresses);
    }

    private static long cookieOf(int descriptor) {
        try (var arena = Arena.ofConfined()) {
            var value = arena.allocate(JAVA_LONG);
            var answer = Libc.getsockopt(descriptor, SOL_SOCKET, SO_COOKIE, value);
            Descriptor.check(
                    new Bpf.Answer(0, answer.errno()),
                    "the cookie of descriptor %d".formatted(descriptor));
            return value.get(JAVA_LONG, 0);
        }
    }

    /**
     * The descriptor, which still is this socket's.
     *
     * @throws BpfException EBADF if the socket was closed, whoever has the number now
     */
    int descriptor() {
        boolean mine;
        try {
            mine = cookieOf(descriptor) == cookie;
        } catch (BpfException _) {
            mine = false;
        }
        if (mine) return descriptor;
        throw new BpfException(Errno.EBADF, "socket %s is closed".formatted(this));
    }

    /** Bytes that can be read without waiting, as the kernel tells (FIONREAD). */
    public long available() {
        try (var arena = Arena.ofConfined()) {
            var count = arena.allocate(JAVA_INT);
            var answer = Libc.ioctl(descriptor(), FIONREAD, count);
            Descriptor.check(new Bpf.Answer(0, answer.errno()), "to count bytes of " + this);
            return count.get(JAVA_INT, 0);
        }
    }

    /**
     * Looks at what can be read and leaves it (MSG_PEEK); never waits.
     *
     * @return how many bytes were put into the buffer; -1 at the end of stream
     * @throws BpfException EAGAIN if there is nothing yet, and the socket's own error
     */
    public int peek(ByteBuffer target) {
        try (var arena = Arena.ofConfined()) {
            var room = arena.allocate(target.remaining());
            var answer = Libc.recv(descriptor(), room, MSG_PEEK | MSG_DONTWAIT);
            Descriptor.check(new Bpf.Answer(0, answer.errno()), "to peek at " + this);
            if (answer.value() == 0) return -1;
            target.put(room.asSlice(0, answer.value()).asByteBuffer());
            return (int) answer.value();
        }
    }

    /** Waits until something can be read, at most so long; whether it can. */
    public boolean awaitReadable(Duration atMost) {
        return Libc.awaitReadable(descriptor(), (int) atMost.toMillis());
    }

    /** The errno that an exception of a channel tells in words; empty for one without. */
    public static Optional<Errno> errnoOf(IOException failure) {
        var text = String.valueOf(failure.getMessage());
        if (text.equals("Connection reset")) return Optional.of(Errno.ECONNRESET);
        return Arrays.stream(Errno.values())
                .filter(errno -> text.equals(Libc.strerror(errno.number())))
                .findFirst();
    }

    @Override
    public long cookie() {
        return cookie;
    }

    @Override
    public Addresses addresses() {
        return addresses;
    }

    @Override
    public String toString() {
        return "%s (descriptor %d)".formatted(addresses, descriptor);
    }
}
