package io.jsockmap.testkit.pcap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/**
 * Addresses of the loopback network for sockets that have none of IP: a path has 127.1.x.y, always
 * the same; what has no name has 127.2.x.y, each time another.
 */
final class MadeUpAddresses {
    private static final int PORT = 1;
    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 60_000;
    private static final int NAMED = 1;
    private static final int UNNAMED = 2;

    private final Map<SocketAddress, InetSocketAddress> named = new HashMap<>();
    private int unnamed;

    static boolean isReal(SocketAddress address) {
        return address instanceof InetSocketAddress inet && !inet.isUnresolved();
    }

    InetSocketAddress of(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && isReal(inet)) return inet;
        if (isUnnamed(address)) {
            int number = unnamed++;
            return loopback(UNNAMED, number / PORTS, FIRST_PORT + number % PORTS);
        }
        return named.computeIfAbsent(address, _ -> loopback(NAMED, named.size() + 1, PORT));
    }

    /** What it stands for. */
    static String name(SocketAddress address) {
        return isUnnamed(address) ? "a socket without a name" : address.toString();
    }

    private static boolean isUnnamed(SocketAddress address) {
        return address.toString().isEmpty();
    }

    private static InetSocketAddress loopback(int network, int number, int port) {
        var bytes = new byte[] {127, (byte) network, (byte) (number >> 8), (byte) number};
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
