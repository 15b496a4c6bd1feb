package io.jsockmap.kernel.channel;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.kernel.call.Libc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InaccessibleObjectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/**
 * The descriptor that a channel of NIO has. Java has no way to ask for it. Where the package {@code
 * sun.nio.ch} is opened to this module, the channel tells; otherwise the sockets of this process
 * are looked through for the one between the same two addresses, of which there is but one.
 */
public final class ChannelDescriptors {
    /** The launcher's option that opens the package. */
    public static final String OPTION = "--add-opens=java.base/sun.nio.ch=io.jsockmap.kernel";

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private ChannelDescriptors() {}

    /**
     * The descriptor of a connected channel.
     *
     * @throws BpfException EOPNOTSUPP if there is none, or no telling which
     * @throws ClosedChannelException if it is closed
     */
    public static int of(Channel channel) throws IOException {
        if (!channel.isOpen()) throw new ClosedChannelException();
        var told = told(channel);
        if (told.isPresent()) return told.getAsInt();
        var found = matching(local(channel), remote(channel));
        if (found.size() == 1) return found.getFirst();
        throw new BpfException(
                Errno.EOPNOTSUPP,
                "the descriptor of %s can't be told among %d sockets; start Java with %s"
                        .formatted(channel, found.size(), OPTION));
    }

    /** Whether channels tell by themselves. */
    public static boolean areTold() {
        var base = Object.class.getModule();
        return base.isOpen("sun.nio.ch", ChannelDescriptors.class.getModule());
    }

    private static OptionalInt told(Channel channel) {
        if (!areTold()) return OptionalInt.empty();
        try {
            var method = channel.getClass().getMethod("getFDVal");
            method.setAccessible(true);
            return OptionalInt.of((int) method.invoke(channel));
        } catch (ReflectiveOperationException | InaccessibleObjectException _) {
            return OptionalInt.empty();
        }
    }

    private static SocketAddress local(Channel channel) throws IOException {
        return switch (channel) {
            case SocketChannel stream -> stream.getLocalAddress();
            case DatagramChannel datagrams -> datagrams.getLocalAddress();
            default -> null;
        };
    }

    private static SocketAddress remote(Channel channel) throws IOException {
        return switch (channel) {
            case SocketChannel stream -> stream.getRemoteAddress();
            case DatagramChannel datagrams -> datagrams.getRemoteAddress();
            default -> null;
        };
    }

    private static List<Integer> matching(SocketAddress local, SocketAddress remote) {
        if (!(local instanceof InetSocketAddress)) return List.of();
        return sockets().stream()
                .filter(fd -> NativeAddress.is(Libc.socketAddress(fd, false), local))
                .filter(fd -> NativeAddress.is(Libc.socketAddress(fd, true), remote))
                .toList();
    }

    private static List<Integer> sockets() {
        try (var all = Files.list(DESCRIPTORS)) {
            return all.filter(ChannelDescriptors::isSocket)
                    .map(path -> Integer.parseInt(path.getFileName().toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
