package io.jsockmap.dashboard.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who is answered at all. A page that somebody's browser has loaded from elsewhere must not read
 * what this one shows: so on loopback the name by which it is asked must be one of loopback, which
 * no name that leads elsewhere can be made to be (DNS rebinding).
 */
final class Guard {
    private static final Set<String> METHODS = Set.of("GET", "HEAD");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    private final InetAddress bound;

    Guard(InetSocketAddress bound) {
        this.bound = bound.getAddress();
    }

    /**
     * Why a request is refused.
     *
     * @param status of HTTP
     * @param reason a line for whoever asked
     */
    record Refusal(int status, String reason) {}

    /**
     * @param hosts the values of the header Host
     */
    Optional<Refusal> refusal(String method, List<String> hosts) {
        if (!METHODS.contains(method)) {
            return Optional.of(new Refusal(405, "nothing can be changed here: GET and HEAD only"));
        }
        if (bound.isLoopbackAddress() && !(hosts.size() == 1 && isOurs(hosts.getFirst()))) {
            return Optional.of(
                    new Refusal(
                            421,
                            "ask by the address %s, or by localhost"
                                    .formatted(bound.getHostAddress())));
        }
        return Optional.empty();
    }

    private boolean isOurs(String host) {
        var name = name(host).toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(name) || name.equals(bound.getHostAddress());
    }

    /** Without the port, and without the brackets of an IPv6 address. */
    private static String name(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
