package io.jsockmap.proxy;

import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.SocketKind;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.DomainDatagramChannel;
import io.netty.channel.unix.DomainSocketChannel;

import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** What a Netty channel is, and the two ends of it. */
final class ChannelAddresses {
    /** UNIX sockets need no name; Netty tells nothing then. */
    private static final SocketAddress UNNAMED = UnixDomainSocketAddress.of("");

    private ChannelAddresses() {}

    /**
     * Of a channel that is connected, or one of datagrams.
     *
     * @throws IllegalStateException if it is gone already
     */
    static Addresses of(Channel channel) {
        var kind = kindOf(channel);
        var local = channel.localAddress();
        var remote = channel.remoteAddress();
        boolean isGone = local == null || kind == SocketKind.TCP && remote == null;
        if (isGone && !kind.isUnix()) {
            throw new IllegalStateException(channel + " is not connected any more");
        }
        return new Addresses(
                kind,
                local == null ? UNNAMED : local,
                remote == null && kind == SocketKind.UNIX_STREAM ? UNNAMED : remote);
    }

    private static SocketKind kindOf(Channel channel) {
        return switch (channel) {
            case SocketChannel _ -> SocketKind.TCP;
            case DatagramChannel _ -> SocketKind.UDP;
            case DomainSocketChannel _ -> SocketKind.UNIX_STREAM;
            case DomainDatagramChannel _ -> SocketKind.UNIX_DATAGRAM;
            default ->
                    throw new IllegalArgumentException(
                            "no kind of socket that maps take: " + channel);
        };
    }
}
