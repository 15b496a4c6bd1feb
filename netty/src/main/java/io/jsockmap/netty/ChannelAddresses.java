package io.jsockmap.netty;

import io.jsockmap.sockmap.socket.Addresses;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;

import java.net.InetSocketAddress;

/** The two ends of a channel's connection. */
final class ChannelAddresses {
    private ChannelAddresses() {}

    /**
     * @throws IllegalArgumentException for a channel that is not of TCP
     * @throws IllegalStateException if it is not connected any more
     */
    static Addresses of(Channel channel) {
        if (!(channel instanceof SocketChannel)) {
            throw new IllegalArgumentException(
                    "only channels of TCP come under the engine, and this is none: " + channel);
        }
        var local = (InetSocketAddress) channel.localAddress();
        var remote = (InetSocketAddress) channel.remoteAddress();
        if (local == null || remote == null) {
            throw new IllegalStateException(channel + " is not connected any more");
        }
        return new Addresses(local, remote);
    }
}
