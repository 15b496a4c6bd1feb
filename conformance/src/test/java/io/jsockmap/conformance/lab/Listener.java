package io.jsockmap.conformance.lab;

import io.jsockmap.kernel.channel.ChannelDescriptors;
import io.jsockmap.kernel.engine.KernelSocket;
import io.jsockmap.nio.SockmapChannel;
import io.jsockmap.sockmap.SockmapEngine;
import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.SockmapSocket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;

/** A TCP socket that listens, at a port of its own, and that maps can take. */
public final class Listener implements AutoCloseable {
    private final SockmapEngine engine;
    private final ServerSocketChannel server;
    private final SockmapSocket socket;

    private Listener(SockmapEngine engine, ServerSocketChannel server) throws IOException {
        this.engine = engine;
        this.server = server;
        var addresses = new Addresses(SocketKind.TCP, server.getLocalAddress(), null);
        socket =
                engine instanceof UserEngine user
                        ? user.listening(addresses)
                        : KernelSocket.of(ChannelDescriptors.of(server), addresses);
    }

    static Listener open(SockmapEngine engine) throws IOException {
        var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new Listener(
                engine, ServerSocketChannel.open(StandardProtocolFamily.INET).bind(any));
    }

    /** What maps take. */
    public SockmapSocket socket() {
        return socket;
    }

    /** Connects to it, and accepts. */
    public Stream accept() throws IOException {
        var far = Lab.connected(server);
        var near = Waiting.within(server::accept);
        return new Stream(SockmapChannel.accepted(engine, near), far);
    }

    @Override
    public void close() throws IOException {
        if (socket instanceof Sock mine) mine.close();
        server.close();
    }
}
