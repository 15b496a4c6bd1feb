package io.jsockmap.testkit.stage;

import io.jsockmap.sockmap.socket.SocketKind;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Which socket is opened.
 *
 * {@snippet class="io.jsockmap.testkit.examples.StageExamples" region="stage"}
 *
 * @param kind its kind
 * @param accepted for TCP: whether it was accepted, or else asked for its connection
 * @param connected for datagrams: whether it has a peer
 * @param local its own address, of IPv4 or IPv6; made up if it is left open
 * @param remote its peer's address; made up if it is left open
 */
public record SocketChoice(
        SocketKind kind,
        boolean accepted,
        boolean connected,
        Optional<InetSocketAddress> local,
        Optional<InetSocketAddress> remote) {

    /** A TCP socket that was accepted. */
    public static final SocketChoice ACCEPTED =
            new SocketChoice(SocketKind.TCP, true, true, Optional.empty(), Optional.empty());

    /** A TCP socket that asked for its connection. */
    public static final SocketChoice CONNECTED =
            new SocketChoice(SocketKind.TCP, false, true, Optional.empty(), Optional.empty());

    /** The same with other addresses. */
    public SocketChoice at(InetSocketAddress local, InetSocketAddress remote) {
        return new SocketChoice(kind, accepted, connected, Optional.of(local), Optional.of(remote));
    }
}
