package io.jsockmap.policy;

import io.jsockmap.sockmap.socket.Addresses;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.Map;

/**
 * Which of an application's sockets come under a policy.
 *
 * {@snippet class="io.jsockmap.policy.examples.PolicyExamples" region="file"}
 *
 * @param roles those that do, each with its ports
 */
public record Coverage(Map<Role, Ports> roles) {
    /** All sockets. */
    public static final Coverage ALL = all();

    public Coverage {
        roles = Map.copyOf(roles);
    }

    private static Coverage all() {
        Map<Role, Ports> roles = new EnumMap<>(Role.class);
        for (var role : Role.values()) roles.put(role, Ports.ALL);
        return new Coverage(roles);
    }

    /** Whether a socket does. */
    boolean covers(Role role, Addresses addresses) {
        var ports = roles.get(role);
        var end = role == Role.CONNECTED ? addresses.remote() : addresses.local();
        return ports != null && ports.contains(port(end));
    }

    private static int port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
    }
}
