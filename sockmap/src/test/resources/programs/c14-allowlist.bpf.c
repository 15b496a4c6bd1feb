// SPDX-License-Identifier: Apache-2.0
//
// C14, acceleration by allowlist: a switch, a list of ports, inserts that never replace, and a redirect whose result is
// ignored: without a peer in the map the bytes go the ordinary way.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2

struct connection {
    __u32 family;
    __u32 local_ip4;   // network order
    __u32 remote_ip4;  // network order
    __u32 local_port;  // host order
    __u32 remote_port; // host order
};

// Sockets by their own connection.
struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 1024);
    __type(key, struct connection);
    __type(value, __u64);
} sockets SEC(".maps");

// Ports (host order) whose connections are accelerated, as local or as remote port. The value does not matter.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, __u8);
} allowed_ports SEC(".maps");

// Slot 0: 0 is off.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} enabled SEC(".maps");

static __always_inline int is_enabled(void)
{
    __u32 zero = 0;
    __u32 *on = bpf_map_lookup_elem(&enabled, &zero);

    return on && *on;
}

SEC("sockops")
int collect(struct bpf_sock_ops *ctx)
{
    struct connection own;

    if (ctx->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && ctx->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
        return 1;
    if (ctx->family != AF_INET || !is_enabled())
        return 1;
    own.family = AF_INET;
    own.local_ip4 = ctx->local_ip4;
    own.remote_ip4 = ctx->remote_ip4;
    own.local_port = ctx->local_port;
    own.remote_port = bpf_ntohl(ctx->remote_port);
    if (bpf_map_lookup_elem(&allowed_ports, &own.local_port) || bpf_map_lookup_elem(&allowed_ports, &own.remote_port))
        bpf_sock_hash_update(ctx, &sockets, &own, BPF_NOEXIST);
    return 1;
}

SEC("sk_msg")
int accelerate(struct sk_msg_md *msg)
{
    struct connection peer;

    if (msg->family != AF_INET || !is_enabled())
        return SK_PASS;
    peer.family = AF_INET;
    peer.local_ip4 = msg->remote_ip4;
    peer.remote_ip4 = msg->local_ip4;
    peer.local_port = bpf_ntohl(msg->remote_port);
    peer.remote_port = msg->local_port;
    bpf_msg_redirect_hash(msg, &sockets, &peer, BPF_F_INGRESS);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
