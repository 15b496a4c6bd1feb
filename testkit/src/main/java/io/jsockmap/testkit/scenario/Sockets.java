package io.jsockmap.testkit.scenario;

import io.jsockmap.policy.yaml.Members;
import io.jsockmap.policy.yaml.Yaml;
import io.jsockmap.sockmap.socket.SocketKind;
import io.jsockmap.testkit.stage.SocketChoice;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Sockets as scenarios describe them. */
final class Sockets {
    /** What may be said of a socket, and its JSON Schema. */
    static final List<Verb.Field> FIELDS =
            List.of(
                    Verb.optional(
                            "kind",
                            Kind.TEXT,
                            "tcp (the default), udp, unix-stream, unix-datagram, vsock-stream,"
                                    + " vsock-seqpacket"),
                    Verb.optional(
                            "role",
                            Kind.TEXT,
                            "accepted (the default) or connected: who asked for a TCP connection;"
                                    + " unconnected for datagrams without a peer"),
                    Verb.optional("local", Kind.TEXT, "its own address: 10.0.0.1:80, [::1]:80"),
                    Verb.optional("remote", Kind.TEXT, "its peer's address"));

    private static final List<String> ROLES = List.of("accepted", "connected", "unconnected");

    private Sockets() {}

    /** {@code accepted}, {@code connected}, or a mapping. */
    static SocketChoice choice(Yaml value) {
        if (!value.isMapping()) return withRole(value, SocketKind.TCP, value.text());
        var members = new Members(value.members());
        members.check("a socket has no", FIELDS.stream().map(Verb.Field::name).toList());
        var kind = members.member("kind").map(Sockets::kind).orElse(SocketKind.TCP);
        var role = members.member("role");
        var choice = withRole(role.orElse(value), kind, role.map(Yaml::text).orElse("accepted"));
        var local = members.member("local").map(Sockets::address);
        var remote = members.member("remote").map(Sockets::address);
        if (local.isPresent() != remote.isPresent()) {
            throw value.mistake("a socket has both addresses, local and remote, or none is said");
        }
        if (local.isEmpty()) return choice;
        if (!choice.connected()) {
            throw value.mistake("an unconnected socket has no remote address: leave both out");
        }
        if (kind != SocketKind.TCP && kind != SocketKind.UDP) {
            throw value.mistake("addresses of IP are for sockets of TCP and UDP");
        }
        return choice.at(local.get(), remote.orElseThrow());
    }

    private static SocketChoice withRole(Yaml where, SocketKind kind, String role) {
        if (!ROLES.contains(role)) {
            throw where.mistake("%s is no role (%s)".formatted(role, String.join(", ", ROLES)));
        }
        if (role.equals("unconnected") && !kind.keepsMessages()) {
            throw where.mistake("a %s socket without a peer carries nothing".formatted(name(kind)));
        }
        return new SocketChoice(
                kind,
                role.equals("accepted"),
                !role.equals("unconnected"),
                Optional.empty(),
                Optional.empty());
    }

    private static SocketKind kind(Yaml value) {
        return Arrays.stream(SocketKind.values())
                .filter(kind -> name(kind).equals(value.text()))
                .findFirst()
                .orElseThrow(
                        () ->
                                value.mistake(
                                        "%s is no kind of socket (%s)"
                                                .formatted(
                                                        value.text(),
                                                        Arrays.stream(SocketKind.values())
                                                                .map(Sockets::name)
                                                                .collect(
                                                                        Collectors.joining(
                                                                                ", ")))));
    }

    private static String name(SocketKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@code 10.0.0.1:80} or {@code [::1]:80}; a name is never looked up. */
    private static InetSocketAddress address(Yaml value) {
        var text = value.text();
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            var host = text.substring(0, Math.max(0, colon)).replaceAll("^\\[|]$", "");
            if (!host.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) throw notAnAddress(value);
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (IllegalArgumentException | UnknownHostException _) {
            throw notAnAddress(value);
        }
    }

    private static RuntimeException notAnAddress(Yaml value) {
        return value.mistake(
                "expected an address and a port, 10.0.0.1:80 or [::1]:80, found " + value.text());
    }
}
