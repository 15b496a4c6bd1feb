// SPDX-License-Identifier: Apache-2.0
//
// C02, the TCP proxy: what arrives on the incoming socket leaves through the outgoing one and the reverse. A socket's
// direction is found by its cookie, and the direction is also its slot. The bare section "sk_skb" names no attach type.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum direction {
    INCOMING = 0, // accepted
    OUTGOING = 1, // connected
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 2);
    __type(key, enum direction);
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 2);
    __type(key, __u64); // socket cookie
    __type(value, enum direction);
} directions SEC(".maps");

__u32 redir_errors = 0;

SEC("sk_skb")
int relay(struct __sk_buff *skb)
{
    __u64 cookie = bpf_get_socket_cookie(skb);
    enum direction *direction = bpf_map_lookup_elem(&directions, &cookie);

    if (!direction || (*direction != INCOMING && *direction != OUTGOING)) {
        __sync_fetch_and_add(&redir_errors, 1);
        return SK_DROP;
    }
    return bpf_sk_redirect_map(skb, &sockets, *direction == INCOMING ? OUTGOING : INCOMING, 0);
}

SEC("sockops")
int sort(struct bpf_sock_ops *ctx)
{
    enum direction direction;
    __u64 cookie;

    if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
        direction = OUTGOING;
    else if (ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
        direction = INCOMING;
    else
        return 1;

    cookie = bpf_get_socket_cookie(ctx);
    bpf_map_update_elem(&directions, &cookie, &direction, BPF_ANY);
    bpf_sock_map_update(ctx, &sockets, &direction, BPF_ANY);
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
