package io.jsockmap.proxy.epoll;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Addresses as system calls have them: {@code struct sockaddr} (unix(7), ip(7), ipv6(7)). */
final class SocketAddresses {
    static final int UNIX = 1;
    static final int INET = 2;
    static final int INET6 = 10;

    /** {@code struct sockaddr_un}. */
    static final int LONGEST = 110;

    private static final int PATH = 2;
    private static final int INET_SIZE = 16;
    private static final int INET6_SIZE = 28;

    private static final ValueLayout.OfShort FAMILY = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfShort PORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt SCOPE = ValueLayout.JAVA_INT_UNALIGNED;

    private SocketAddresses() {}

    static int familyOf(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) return UNIX;
        return ((InetSocketAddress) address).getAddress() instanceof Inet4Address ? INET : INET6;
    }

    /** Writes an address, and gives its size in bytes. */
    static int write(SocketAddress address, MemorySegment to) {
        to.fill((byte) 0);
        to.set(FAMILY, 0, (short) familyOf(address));
        if (address instanceof UnixDomainSocketAddress unix) return writePath(unix, to);
        var inet = (InetSocketAddress) address;
        to.set(PORT, 2, (short) inet.getPort());
        var bytes = inet.getAddress().getAddress();
        boolean short4 = bytes.length == 4;
        MemorySegment.copy(bytes, 0, to, JAVA_BYTE, short4 ? 4 : 8, bytes.length);
        if (inet.getAddress() instanceof java.net.Inet6Address six) {
            to.set(SCOPE, 24, six.getScopeId());
        }
        return short4 ? INET_SIZE : INET6_SIZE;
    }

    private static int writePath(UnixDomainSocketAddress address, MemorySegment to) {
        var path = address.getPath().toString().getBytes(StandardCharsets.UTF_8);
        MemorySegment.copy(path, 0, to, JAVA_BYTE, PATH, Math.min(path.length, LONGEST - PATH - 1));
        return PATH + path.length + 1;
    }

    /** Whether there is room for it. */
    static boolean fits(UnixDomainSocketAddress address) {
        var path = address.getPath().toString().getBytes(StandardCharsets.UTF_8);
        return path.length < LONGEST - PATH - 1;
    }

    /** Reads an address of so many bytes. */
    static SocketAddress read(MemorySegment from, int size) {
        if (size < PATH || from.get(FAMILY, 0) == UNIX) return readPath(from, size);
        boolean is4 = from.get(FAMILY, 0) == INET;
        var bytes = from.asSlice(is4 ? 4 : 8, is4 ? 4 : 16).toArray(JAVA_BYTE);
        try {
            int port = Short.toUnsignedInt(from.get(PORT, 2));
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SocketAddress readPath(MemorySegment from, int size) {
        if (size <= PATH) return UnixDomainSocketAddress.of("");
        // The kernel tells how long it is, of which it gave as much as there was room for.
        int there = Math.min(size, LONGEST) - PATH;
        var bytes = from.asSlice(PATH, there).toArray(JAVA_BYTE);
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) end++;
        return UnixDomainSocketAddress.of(new String(bytes, 0, end, StandardCharsets.UTF_8));
    }
}
