// SPDX-License-Identifier: Apache-2.0
//
// Asks of what kind a socket is, by the helpers that cast: one bit for each that gives a pointer.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum {
    TCP6 = 1,
    TCP = 2,
    TIMEWAIT = 4,
    REQUEST = 8,
    UDP6 = 16,
    UNIX = 32,
    MPTCP = 64,
    ASKED = 128,
};

__u32 casts;
__u64 netns;

static __always_inline __u32 ask(void *sk)
{
    return (bpf_skc_to_tcp6_sock(sk) ? TCP6 : 0) | (bpf_skc_to_tcp_sock(sk) ? TCP : 0) |
           (bpf_skc_to_tcp_timewait_sock(sk) ? TIMEWAIT : 0) | (bpf_skc_to_tcp_request_sock(sk) ? REQUEST : 0) |
           (bpf_skc_to_udp6_sock(sk) ? UDP6 : 0) | (bpf_skc_to_unix_sock(sk) ? UNIX : 0) |
           (bpf_skc_to_mptcp_sock(sk) ? MPTCP : 0) | ASKED;
}

SEC("sk_msg")
int of_message(struct sk_msg_md *msg)
{
    casts = ask(msg->sk);
    netns = bpf_get_netns_cookie(msg);
    return SK_PASS;
}

SEC("sk_skb/stream_verdict")
int of_buffer(struct __sk_buff *skb)
{
    if (skb->sk)
        casts = ask(skb->sk);
    return SK_PASS;
}

SEC("sockops")
int of_connection(struct bpf_sock_ops *ctx)
{
    if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && ctx->sk)
        casts = ask(ctx->sk);
    return 1;
}

char LICENSE[] SEC("license") = "GPL";
