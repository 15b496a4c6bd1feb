package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.ContextLayout;
import io.jsockmap.bpf.program.Loads;
import io.jsockmap.bpf.program.Structure;

/**
 * {@code struct bpf_sock}: what a pointer to a socket shows.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.MessageExamples" region="fields"}
 */
public final class SockFields {
    static final ContextLayout<Sock> LAYOUT =
            common(
                    first().first(8, 4, "type", s -> s.addresses().kind().type())
                            .first(12, 4, "protocol", s -> s.addresses().kind().protocol())
                            .exact(16, 4, "mark", s -> s.options().number(SocketOption.SO_MARK))
                            .exact(
                                    20,
                                    4,
                                    "priority",
                                    s -> s.options().number(SocketOption.SO_PRIORITY)));

    /** A pointer to a full socket. */
    public static final Structure SOCK = Structure.socket("sock", LAYOUT);

    /** A pointer to what may be a request or a connection in TIME_WAIT. */
    public static final Structure SOCK_COMMON =
            Structure.socket(
                    "sock_common",
                    common(first().hidden(8, 16, "type .. priority: of full sockets only")));

    private SockFields() {}

    private static ContextLayout.Builder<Sock> first() {
        return ContextLayout.<Sock>of("struct bpf_sock", 80)
                .exact(0, 4, "bound_dev_if", _ -> 0)
                .first(4, 4, "family", s -> s.addresses().family());
    }

    private static ContextLayout<Sock> common(ContextLayout.Builder<Sock> fields) {
        return fields.narrow(24, 4, "src_ip4", s -> s.addresses().localIp4())
                .narrow(28, 4, "src_ip6[0]", s -> s.addresses().localIp6(0))
                .narrow(32, 4, "src_ip6[1]", s -> s.addresses().localIp6(1))
                .narrow(36, 4, "src_ip6[2]", s -> s.addresses().localIp6(2))
                .narrow(40, 4, "src_ip6[3]", s -> s.addresses().localIp6(3))
                .first(44, 4, "src_port", s -> s.addresses().localPort())
                // 16 bits and a gap; Linux lets programs read both at once.
                .field(
                        48,
                        4,
                        "dst_port",
                        Loads.HALF,
                        (s, _) -> s.addresses().remotePort() >>> 16,
                        null)
                .narrow(52, 4, "dst_ip4", s -> s.addresses().remoteIp4())
                .narrow(56, 4, "dst_ip6[0]", s -> s.addresses().remoteIp6(0))
                .narrow(60, 4, "dst_ip6[1]", s -> s.addresses().remoteIp6(1))
                .narrow(64, 4, "dst_ip6[2]", s -> s.addresses().remoteIp6(2))
                .narrow(68, 4, "dst_ip6[3]", s -> s.addresses().remoteIp6(3))
                .first(72, 4, "state", s -> s.state().number())
                .first(76, 4, "rx_queue_mapping", _ -> 0xffff_ffffL)
                .build();
    }
}
