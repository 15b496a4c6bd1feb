package io.jsockmap.sockmap.socket;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The two ends of a connection, and the numbers by which programs see them.
 *
 * <p>The family is that of the addresses: a connection over IPv4 is AF_INET, whatever kind of
 * descriptor the platform uses for it.
 *
 * @param local this side
 * @param remote the peer
 * @param connecting whether this side asked for the connection
 */
public record Addresses(InetSocketAddress local, InetSocketAddress remote, boolean connecting) {
    /** AF_INET. */
    public static final int INET = 2;

    /** AF_INET6. */
    public static final int INET6 = 10;

    /** What IPv6 sockets show as IPv4 address: 127.0.0.6, but 0 for a peer they connect to. */
    private static final int NO_IP4 = ByteBuffer.wrap(new byte[] {127, 0, 0, 6}).getInt();

    /** Of a connection that was accepted. */
    public Addresses(InetSocketAddress local, InetSocketAddress remote) {
        this(local, remote, false);
    }

    public Addresses {
        Objects.requireNonNull(local);
        Objects.requireNonNull(remote);
    }

    /** AF_INET or AF_INET6. */
    public int family() {
        return local.getAddress() instanceof Inet6Address ? INET6 : INET;
    }

    /** The local port in host order. */
    public long localPort() {
        return local.getPort();
    }

    /** The remote port in network order as a 32-bit number: {@code bpf_ntohl} gives the port. */
    public long remotePort() {
        return Integer.toUnsignedLong(Integer.reverseBytes(remote.getPort()));
    }

    /** The local IPv4 address in network order. */
    public long localIp4() {
        return ip4(local, NO_IP4);
    }

    /** The remote IPv4 address in network order. */
    public long remoteIp4() {
        return ip4(remote, connecting ? 0 : NO_IP4);
    }

    /** A word of the local IPv6 address in network order, 0 for IPv4. */
    public long localIp6(int word) {
        return ip6(local, word);
    }

    /** A word of the remote IPv6 address in network order, 0 for IPv4. */
    public long remoteIp6(int word) {
        return ip6(remote, word);
    }

    /** The same ends of a connection that this side asked for. */
    public Addresses asConnecting() {
        return new Addresses(local, remote, true);
    }

    private static long ip4(InetSocketAddress address, int otherwise) {
        var bytes = address.getAddress().getAddress();
        int value = bytes.length == 4 ? ByteBuffer.wrap(bytes).getInt() : otherwise;
        return Integer.toUnsignedLong(Integer.reverseBytes(value));
    }

    private static long ip6(InetSocketAddress address, int word) {
        var bytes = address.getAddress().getAddress();
        if (bytes.length != 16) return 0;
        var buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return Integer.toUnsignedLong(buffer.getInt(word * Integer.BYTES));
    }

    @Override
    public String toString() {
        return "%s -> %s".formatted(print(local), print(remote));
    }

    /** An address for people, and for command lines: HOST:PORT, IPv6 in brackets. */
    public static String print(InetSocketAddress address) {
        var host = address.getAddress().getHostAddress();
        return host.contains(":")
                ? "[%s]:%d".formatted(host, address.getPort())
                : "%s:%d".formatted(host, address.getPort());
    }
}
