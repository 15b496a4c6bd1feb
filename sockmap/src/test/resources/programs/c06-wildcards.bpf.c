// SPDX-License-Identifier: Apache-2.0
//
// C06, keys with wildcards: a five-tuple of which only the remote half and the protocol are filled, the rest is zero,
// and so is the byte of padding at the end. All 16 bytes count when keys are compared.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define TCP 6

struct flow {
    __u32 remote_ip4;  // network order
    __u32 local_ip4;   // always 0: any
    __u32 remote_port; // as the context gives it: bpf_ntohl() of it is the port
    __u16 local_port;  // always 0: any
    __u8 protocol;     // 6
                       // one byte of padding, 0
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 64);
    __type(key, struct flow);
    __type(value, int);
} flows SEC(".maps");

static __always_inline void fill(struct flow *flow, __u32 ip4, __u32 port)
{
    __builtin_memset(flow, 0, sizeof(*flow));
    flow->remote_ip4 = ip4;
    flow->remote_port = port;
    flow->protocol = TCP;
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    return skb->len;
}

// To the egress of the socket stored under the source's remote address; drops where there is none.
SEC("sk_skb/stream_verdict")
int forward(struct __sk_buff *skb)
{
    struct flow flow;

    if (skb->family != AF_INET)
        return SK_PASS;
    fill(&flow, skb->remote_ip4, skb->remote_port);
    return bpf_sk_redirect_hash(skb, &flows, &flow, 0);
}

// To the ingress queue of the socket stored under the sender's remote address; drops where there is none.
SEC("sk_msg")
int shortcut(struct sk_msg_md *msg)
{
    struct flow flow;

    if (msg->family != AF_INET)
        return SK_PASS;
    fill(&flow, msg->remote_ip4, msg->remote_port);
    return bpf_msg_redirect_hash(msg, &flows, &flow, BPF_F_INGRESS);
}

// Stores a socket under its own local address, which is the remote one of its peer: for shortcut to find.
SEC("sockops")
int remember(struct bpf_sock_ops *ctx)
{
    struct flow flow;

    if (ctx->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && ctx->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
        return 1;
    if (ctx->family != AF_INET)
        return 1;
    fill(&flow, ctx->local_ip4, bpf_htonl(ctx->local_port));
    bpf_sock_hash_update(ctx, &flows, &flow, BPF_ANY);
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
