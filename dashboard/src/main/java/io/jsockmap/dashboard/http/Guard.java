package io.jsockmap.dashboard.http;

import com.sun.net.httpserver.Headers;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who is answered at all. A page that somebody's browser has loaded from elsewhere must not read
 * what this one shows, nor make it work. So on loopback the name by which it is asked must be one
 * of loopback, which no name that leads elsewhere can be made to be (DNS rebinding); and where the
 * browser says that another site's page asks, it is not answered. Who is no browser says nothing of
 * a site, and is.
 */
final class Guard {
    private static final Set<String> METHODS = Set.of("GET", "HEAD");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");

    /** Of Sec-Fetch-Site: a page of ours, or somebody who typed the address. */
    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");

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

    /** Why this request is refused, if it is. */
    Optional<Refusal> refusal(String method, Headers headers) {
        if (!METHODS.contains(method)) {
            return refused(405, "nothing can be changed here: GET and HEAD only");
        }
        if (!isByOurName(all(headers, "Host"))) {
            var name = bound.getHostAddress();
            return refused(403, "ask by the address %s, or by localhost".formatted(name));
        }
        if (!isByOurSite(headers)) {
            return refused(
                    403,
                    "another site's page asked, which is not answered: open it by its address, or"
                            + " by a link of its own");
        }
        return Optional.empty();
    }

    private static Optional<Refusal> refused(int status, String reason) {
        return Optional.of(new Refusal(status, reason));
    }

    private static List<String> all(Headers headers, String name) {
        return headers.getOrDefault(name, List.of());
    }

    private boolean isByOurName(List<String> hosts) {
        return !bound.isLoopbackAddress() || hosts.size() == 1 && isOurs(hosts.getFirst());
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

    /**
     * Browsers send Sec-Fetch-Site to loopback and over TLS only, but Origin everywhere, if not
     * with every request.
     */
    private static boolean isByOurSite(Headers headers) {
        var hosts = all(headers, "Host");
        return OWN_SITES.containsAll(all(headers, "Sec-Fetch-Site"))
                && all(headers, "Origin").stream().allMatch(origin -> isOf(origin, hosts));
    }

    /** Whoever stands in between may speak TLS with the browser: the scheme says nothing. */
    private static boolean isOf(String origin, List<String> hosts) {
        int scheme = origin.indexOf("://");
        return scheme >= 0 && hosts.contains(origin.substring(scheme + "://".length()));
    }
}
