package io.jsockmap.proxy;

import io.jsockmap.sockmap.UserEngine;
import io.jsockmap.sockmap.key.Connection;
import io.jsockmap.sockmap.socket.Addresses;
import io.jsockmap.sockmap.socket.Sock;
import io.jsockmap.sockmap.socket.Transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** Sockets of a connection that there is not, to try keys on before there is one. */
final class StandIns {
    private StandIns() {}

    static Connection connection(int upstreams) {
        var loopback = InetAddress.getLoopbackAddress();
        var addresses =
                new Addresses(
                        new InetSocketAddress(loopback, 1), new InetSocketAddress(loopback, 2));
        var engine = UserEngine.open();
        Map<String, Sock> sockets = new HashMap<>();
        sockets.put(Relay.CLIENT, engine.accepted(addresses, new Nowhere()));
        for (int i = 0; i < upstreams; i++) {
            sockets.put(Relay.upstreamName(i), engine.connected(addresses, new Nowhere()));
        }
        return new Connection(0, sockets, Relay.CLIENT);
    }

    private record Nowhere() implements Transport {
        @Override
        public void egressReady() {}

        @Override
        public void receiveReady() {}

        @Override
        public void readReady() {}
    }
}
