package io.jsockmap.kernel.channel;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A {@code struct sockaddr} of Linux. */
final class NativeAddress {
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private NativeAddress() {}

    /** Whether it is that address; null is one without a port, or none. */
    static boolean is(byte[] bytes, SocketAddress expected) {
        var address = read(bytes);
        if (expected == null) return address == null || address.getPort() == 0;
        return expected.equals(address);
    }

    private static InetSocketAddress read(byte[] bytes) {
        if (bytes.length < 8) return null;
        int family = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getShort(0);
        int port = Short.toUnsignedInt(ByteBuffer.wrap(bytes).getShort(2));
        return switch (family) {
            case AF_INET -> new InetSocketAddress(address(bytes, 4, 4), port);
            case AF_INET6 -> new InetSocketAddress(address(bytes, 8, 16), port);
            default -> null;
        };
    }

    /** IPv4 addresses that IPv6 sockets have come as what they are, as Java has them too. */
    private static InetAddress address(byte[] bytes, int from, int length) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + length));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of %d bytes".formatted(length), e);
        }
    }
}
