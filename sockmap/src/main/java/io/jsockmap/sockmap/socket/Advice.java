package io.jsockmap.sockmap.socket;

/**
 * What sock_ops programs are asked while a connection is made. The fourth question of the kernel,
 * BASE_RTT, is that of a congestion control, which user space has not; it is never asked.
 *
 * {@snippet class="io.jsockmap.sockmap.examples.TransportExamples" region="wishes"}
 */
public enum Advice {
    /** BPF_SOCK_OPS_TIMEOUT_INIT: how long to wait for the answer to a SYN, in jiffies. */
    TIMEOUT_INIT(1),
    /** BPF_SOCK_OPS_RWND_INIT: the first window, in packets. */
    RWND_INIT(2),
    /** BPF_SOCK_OPS_NEEDS_ECN: 1 if ECN is needed. */
    NEEDS_ECN(6);

    private final int op;

    Advice(int op) {
        this.op = op;
    }

    /** The op by which programs are asked. */
    public int op() {
        return op;
    }
}
