package io.jsockmap.policy;

import io.jsockmap.sockmap.Admission;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Chunk;
import io.jsockmap.sockmap.socket.Egress;
import io.jsockmap.sockmap.socket.Ingress;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.sockmap.socket.Transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A connection of an application that asks whether it comes under a policy; nothing moves by
 * itself.
 */
final class Channel implements Transport {
    private Optional<Sock> socket = Optional.empty();

    static Channel accepted(Admission admission, int port) {
        var channel = new Channel();
        channel.socket = admission.accepted(addresses(port, 40_000), channel);
        return channel;
    }

    static Channel connected(Admission admission, int port) {
        var channel = new Channel();
        channel.socket = admission.connected(addresses(50_000, port), channel);
        return channel;
    }

    static Channel datagrams(Admission admission, int port) {
        var channel = new Channel();
        var ends = addresses(port, 53);
        var addresses = new Addresses(SocketKind.UDP, ends.local(), ends.remote());
        channel.socket = admission.opened(addresses, channel);
        return channel;
    }

    private static Addresses addresses(int local, int remote) {
        var host = InetAddress.getLoopbackAddress();
        return new Addresses(
                new InetSocketAddress(host, local), new InetSocketAddress(host, remote));
    }

    boolean isUnderPolicy() {
        return socket.isPresent();
    }

    Sock socket() {
        return socket.orElseThrow();
    }

    void receives(String text) {
        socket().received(Chunk.of(text.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /** What the application reads. */
    String reads() {
        var all = new StringBuilder();
        while (socket().take() instanceof Ingress.Bytes(var chunk)) all.append(text(chunk));
        return all.toString();
    }

    /** What goes to the peer. */
    String transmits() {
        var all = new StringBuilder();
        while (socket().takeEgress() instanceof Egress.Bytes(var chunk)) {
            all.append(text(chunk));
            socket().written(chunk.length());
        }
        return all.toString();
    }

    private static String text(Chunk chunk) {
        return new String(
                chunk.array(), chunk.offset(), chunk.length(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void egressReady() {}

    @Override
    public void receiveReady() {}

    @Override
    public void readReady() {}
}
