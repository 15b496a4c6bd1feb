package io.jsockmap.proxy;

import io.jsockmap.sockmap.key.NamedSockets;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Samples;
import io.jsockmap.sockmap.socket.Sock;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Sockets of a connection that there is not, to try keys on before there is one. */
final class StandIns {
    private StandIns() {}

    static NamedSockets connection(int upstreams) {
        var loopback = InetAddress.getLoopbackAddress();
        var addresses =
                new Addresses(
                        new InetSocketAddress(loopback, 1), new InetSocketAddress(loopback, 2));
        Map<String, Sock> sockets = new HashMap<>();
        sockets.put(Relay.CLIENT, Samples.socket(addresses));
        for (int i = 0; i < upstreams; i++) {
            sockets.put(Relay.upstreamName(i), Samples.socket(addresses));
        }
        return new NamedSockets(0, sockets, Relay.CLIENT);
    }
}
