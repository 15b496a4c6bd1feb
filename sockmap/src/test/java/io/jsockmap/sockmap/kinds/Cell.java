package io.jsockmap.sockmap.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import io.jsockmap.bpf.Errno;
import io.jsockmap.bpf.map.UpdateFlag;
import io.jsockmap.bpf.object.LoadOptions;
import io.jsockmap.sockmap.UserObject;
import io.jsockmap.sockmap.map.UserSocketMap;
import io.jsockmap.sockmap.network.Bytes;
import io.jsockmap.sockmap.network.Connection;
import io.jsockmap.sockmap.network.Network;
import io.jsockmap.sockmap.socket.SocketKind;

/** A redirect from a socket of one kind to a socket of another. */
record Cell(Route route, Kind source, Kind target) {
    private static final String TEXT = "bytes on their way";

    /** The kinds by the names that the published results have. */
    enum Kind {
        TCP4("tcp4"),
        TCP6("tcp6"),
        UDP4("udp4"),
        UDP6("udp6"),
        UNIX_STREAM("u_str"),
        UNIX_DATAGRAM("u_dgr"),
        VSOCK_STREAM("v_str"),
        VSOCK_SEQPACKET("v_seq");

        private final String shortName;

        Kind(String shortName) {
            this.shortName = shortName;
        }

        boolean isTcp() {
            return this == TCP4 || this == TCP6;
        }

        boolean isVsock() {
            return this == VSOCK_STREAM || this == VSOCK_SEQPACKET;
        }

        private Connection open(Network network) {
            return switch (this) {
                case TCP4 -> network.connected();
                case TCP6 -> network.connected(Network.addresses("fd00::1", 41000, "fd00::2", 80));
                case UDP4 -> network.connected(SocketKind.UDP);
                case UDP6 -> network.opened(Network.udp("fd00::1", 41000, "fd00::2", 53));
                case UNIX_STREAM -> network.connected(SocketKind.UNIX_STREAM);
                case UNIX_DATAGRAM -> network.connected(SocketKind.UNIX_DATAGRAM);
                case VSOCK_STREAM -> network.connected(SocketKind.VSOCK_STREAM);
                case VSOCK_SEQPACKET -> network.connected(SocketKind.VSOCK_SEQPACKET);
            };
        }

        @Override
        public String toString() {
            return shortName;
        }
    }

    /** Who redirects, and to which side of the target. */
    enum Route {
        SK_MSG_EGRESS("sk_msg-to-egress"),
        SK_MSG_INGRESS("sk_msg-to-ingress"),
        SK_SKB_EGRESS("sk_skb-to-egress"),
        SK_SKB_INGRESS("sk_skb-to-ingress");

        private final String name;

        Route(String name) {
            this.name = name;
        }

        boolean sends() {
            return this == SK_MSG_EGRESS || this == SK_MSG_INGRESS;
        }

        boolean toIngress() {
            return this == SK_MSG_INGRESS || this == SK_SKB_INGRESS;
        }

        private String program(boolean hash) {
            return (sends() ? "msg" : "skb") + (hash ? "_hash" : "_map");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    enum Outcome {
        /** The bytes arrive at the target, and nowhere else. */
        YES("yes"),
        /** The helper returns SK_DROP, and so does the program: the bytes are gone. */
        DROP("drop"),
        /** The program is not asked: the bytes go their ordinary way. */
        NEVER_RUNS("never runs");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Sends bytes through it and says what became of them. */
    Outcome outcome(boolean hash) {
        long flags = route.toIngress() ? 1 : 0;
        var options = LoadOptions.DEFAULT.withVariable("redirect_flags", flags);
        try (var network = new Network()) {
            var object = network.load("flags", options);
            UserSocketMap map = object.socketMap(hash ? "hash_targets" : "targets");
            var from = source.open(network);
            var to = target.open(network);
            map.update(Bytes.u32(0), to.socket(), UpdateFlag.ANY);
            var program = route.program(hash);
            map.attach(object.program(program), object.attachType(program).orElseThrow());
            map.update(Bytes.u32(1), from.socket(), UpdateFlag.ANY);
            return route.sends() ? sent(object, from, to) : received(object, from, to);
        }
    }

    private Outcome sent(UserObject object, Connection from, Connection to) {
        var sending = from.sends(TEXT);
        return switch (result(object)) {
            case -1 -> {
                sending.succeeds();
                assertThat(from.peer().received()).isEqualTo(TEXT);
                arrives(to, "", "");
                yield Outcome.NEVER_RUNS;
            }
            case 0 -> {
                sending.failsWith(Errno.EACCES);
                arrives(from, "", "");
                arrives(to, "", "");
                yield Outcome.DROP;
            }
            default -> {
                sending.succeeds();
                yield redirected(from, to);
            }
        };
    }

    private Outcome received(UserObject object, Connection from, Connection to) {
        from.peer().sends(TEXT);
        return switch (result(object)) {
            case -1 -> {
                arrives(from, TEXT, "");
                arrives(to, "", "");
                yield Outcome.NEVER_RUNS;
            }
            case 0 -> {
                assertThat(from.account().receive().dropped()).isEqualTo(TEXT.length());
                arrives(from, "", "");
                arrives(to, "", "");
                yield Outcome.DROP;
            }
            default -> redirected(from, to);
        };
    }

    private Outcome redirected(Connection from, Connection to) {
        arrives(from, "", "");
        if (route.toIngress()) arrives(to, TEXT, "");
        else arrives(to, "", TEXT);
        return Outcome.YES;
    }

    /** Expects what a socket's application, and its peer, can read. */
    private static void arrives(Connection at, String atApplication, String atPeer) {
        assertThat(at.reads()).as("read at %s", at).isEqualTo(atApplication);
        assertThat(at.peer().received()).as("read by the peer of %s", at).isEqualTo(atPeer);
    }

    /** What the helper returned, -1 if the program never ran. */
    private static int result(UserObject object) {
        return (int) object.variable("result").value();
    }

    @Override
    public String toString() {
        return "%s: %s → %s".formatted(route, source, target);
    }
}
