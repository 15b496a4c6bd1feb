package io.jsockmap.nio;

import io.jsockmap.sockmap.UserEngine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/** A UDP socket of an engine on loopback, and the plain one that it talks to. */
record Datagrams(SockmapDatagramChannel channel, DatagramChannel peer) implements AutoCloseable {

    /** Both are connected to each other. */
    static Datagrams connected(UserEngine engine, StandardProtocolFamily family)
            throws IOException {
        var peer = bind(family);
        var own = bind(family);
        own.connect(peer.getLocalAddress());
        peer.connect(own.getLocalAddress());
        return new Datagrams(SockmapDatagramChannel.opened(engine, own), peer);
    }

    /** Only the peer is connected. */
    static Datagrams unconnected(UserEngine engine, StandardProtocolFamily family)
            throws IOException {
        var peer = bind(family);
        var own = bind(family);
        peer.connect(own.getLocalAddress());
        return new Datagrams(SockmapDatagramChannel.opened(engine, own), peer);
    }

    static DatagramChannel bind(StandardProtocolFamily family) throws IOException {
        var host = family == StandardProtocolFamily.INET6 ? "::1" : "127.0.0.1";
        return DatagramChannel.open(family)
                .bind(new InetSocketAddress(InetAddress.getByName(host), 0));
    }

    void write(String text) throws IOException {
        peer.write(Connections.buffer(text));
    }

    /** The peer sends a datagram without bytes, which takes a socket that is not connected. */
    void writeEmpty() throws IOException {
        var connection = peer.getRemoteAddress();
        peer.disconnect();
        peer.send(ByteBuffer.allocate(0), connection);
        peer.connect(connection);
    }

    /** The next datagram that comes to the peer. */
    String read() throws IOException {
        var buffer = ByteBuffer.allocate(65536);
        peer.receive(buffer);
        return StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
    }

    SocketAddress peerAddress() throws IOException {
        return peer.getLocalAddress();
    }

    @Override
    public void close() throws IOException {
        peer.close();
        channel.abort();
    }
}
