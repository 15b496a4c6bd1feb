package io.jsockmap.sockmap.socket;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The two ends of a connection, and the numbers by which programs see them.
 *
 * <p>The family is that of the addresses: a connection over IPv4 is AF_INET, unless it is said to
 * {@linkplain #mapped() use an IPv6 descriptor}.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TrafficExamples" region="ends"}
 *
 * @param kind the kind of socket
 * @param local this side
 * @param remote the peer; null for a listening socket, or one of datagrams that is not connected
 * @param connecting whether this side asked for the connection
 * @param mapped whether IPv4 addresses are shown as an IPv6 descriptor has them
 */
public record Addresses(
        SocketKind kind,
        SocketAddress local,
        SocketAddress remote,
        boolean connecting,
        boolean mapped) {
    /** AF_UNIX. */
    public static final int UNIX = 1;

    /** AF_INET. */
    public static final int INET = 2;

    /** AF_INET6. */
    public static final int INET6 = 10;

    /** AF_VSOCK. */
    public static final int VSOCK = 40;

    /** What IPv6 sockets show as IPv4 address: 127.0.0.6, but 0 for a peer they connect to. */
    private static final int NO_IP4 = ByteBuffer.wrap(new byte[] {127, 0, 0, 6}).getInt();

    /** The third word of ::ffff:a.b.c.d, in network order. */
    private static final long MAPPED_PREFIX = 0xffff0000L;

    /** Of a TCP connection that was accepted. */
    public Addresses(InetSocketAddress local, InetSocketAddress remote) {
        this(SocketKind.TCP, local, Objects.requireNonNull(remote));
    }

    /** Of a socket of some kind that did not ask for a connection. */
    public Addresses(SocketKind kind, SocketAddress local, SocketAddress remote) {
        this(kind, local, remote, false, false);
    }

    public Addresses {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(local);
    }

    /** AF_INET, AF_INET6, AF_UNIX or AF_VSOCK. */
    public int family() {
        if (kind.isUnix()) return UNIX;
        if (kind.isVsock()) return VSOCK;
        return mapped || isIp6(local) ? INET6 : INET;
    }

    private static boolean isIp6(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                && inet.getAddress() instanceof Inet6Address;
    }

    /** The local port in host order; 0 where there are no ports. */
    public long localPort() {
        return port(local);
    }

    /**
     * The remote port in network order as a 32-bit number: {@code bpf_ntohl} gives the port; 0
     * where there is none.
     */
    public long remotePort() {
        return Integer.toUnsignedLong(Integer.reverseBytes(port(remote)));
    }

    private static int port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
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

    /** The same connection as its other end sees it, which accepted it. */
    public Addresses reversed() {
        return new Addresses(kind, remote, local, false, mapped);
    }

    /** The same ends of a connection that this side asked for. */
    public Addresses asConnecting() {
        return new Addresses(kind, local, remote, true, mapped);
    }

    /**
     * The same ends of a connection over IPv4 on an IPv6 descriptor, as Linux shows it: AF_INET6,
     * ::ffff:a.b.c.d, and the IPv4 addresses too.
     */
    public Addresses asMapped() {
        return new Addresses(kind, local, remote, connecting, true);
    }

    private static long ip4(SocketAddress address, int otherwise) {
        if (!(address instanceof InetSocketAddress inet)) return 0;
        var bytes = inet.getAddress().getAddress();
        int value = bytes.length == 4 ? ByteBuffer.wrap(bytes).getInt() : otherwise;
        return Integer.toUnsignedLong(Integer.reverseBytes(value));
    }

    private long ip6(SocketAddress address, int word) {
        if (!(address instanceof InetSocketAddress inet)) return 0;
        var bytes = ByteBuffer.wrap(inet.getAddress().getAddress()).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.capacity() == 16) return Integer.toUnsignedLong(bytes.getInt(word * 4));
        if (!mapped || word < 2) return 0;
        return word == 2 ? MAPPED_PREFIX : Integer.toUnsignedLong(bytes.getInt(0));
    }

    @Override
    public String toString() {
        return "%s -> %s".formatted(print(local), remote == null ? "-" : print(remote));
    }

    /** An address for people, and for command lines: HOST:PORT, IPv6 in brackets. */
    public static String print(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) return address.toString();
        var host = inet.getAddress().getHostAddress();
        return host.contains(":")
                ? "[%s]:%d".formatted(host, inet.getPort())
                : "%s:%d".formatted(host, inet.getPort());
    }
}
