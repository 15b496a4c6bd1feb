package io.jsockmap.sockmap.socket;

import io.jsockmap.bpf.program.ContextLayout;

/** {@code struct bpf_sock}: what a pointer to a socket shows. */
final class SockFields {
    static final ContextLayout<Sock> LAYOUT =
            ContextLayout.<Sock>of("struct bpf_sock", 80)
                    .exact(0, 4, "bound_dev_if", _ -> 0)
                    .narrow(4, 4, "family", s -> s.addresses().family())
                    .narrow(8, 4, "type", s -> s.addresses().kind().type())
                    .narrow(12, 4, "protocol", s -> s.addresses().kind().protocol())
                    .exact(16, 4, "mark", s -> s.options().number(SocketOption.SO_MARK))
                    .exact(20, 4, "priority", s -> s.options().number(SocketOption.SO_PRIORITY))
                    .narrow(24, 4, "src_ip4", s -> s.addresses().localIp4())
                    .words(28, 4, "src_ip6", (s, word) -> s.addresses().localIp6(word))
                    .narrow(44, 4, "src_port", s -> s.addresses().localPort())
                    .narrow(48, 2, "dst_port", s -> s.addresses().remotePort() >>> 16)
                    .narrow(52, 4, "dst_ip4", s -> s.addresses().remoteIp4())
                    .words(56, 4, "dst_ip6", (s, word) -> s.addresses().remoteIp6(word))
                    .narrow(72, 4, "state", s -> s.state().number())
                    .narrow(76, 4, "rx_queue_mapping", _ -> 0xffff_ffffL)
                    .build();

    private SockFields() {}
}
