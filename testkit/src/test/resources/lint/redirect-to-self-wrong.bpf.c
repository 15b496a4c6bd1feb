// SPDX-License-Identifier: Apache-2.0
//
// The sender looks itself up.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct tuple {
    __u32 local_ip4;
    __u32 remote_ip4;
    __u32 local_port;
    __u32 remote_port;
};
struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 4);
    __type(key, struct tuple);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sockops")
int remember(struct bpf_sock_ops *ctx)
{
    struct tuple own = {};

    if (ctx->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB && ctx->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
        return 1;
    own.local_ip4 = ctx->local_ip4;
    own.remote_ip4 = ctx->remote_ip4;
    own.local_port = ctx->local_port;
    own.remote_port = bpf_ntohl(ctx->remote_port);
    return bpf_sock_hash_update(ctx, &sockets, &own, BPF_NOEXIST) ? 0 : 1;
}

SEC("sk_msg")
int shortcut(struct sk_msg_md *msg)
{
    struct tuple peer = {};

    peer.local_ip4 = msg->local_ip4;
    peer.remote_ip4 = msg->remote_ip4;
    peer.local_port = msg->local_port;
    peer.remote_port = bpf_ntohl(msg->remote_port);
    return bpf_msg_redirect_hash(msg, &sockets, &peer, BPF_F_INGRESS); // lint: redirect-to-self
}

char LICENSE[] SEC("license") = "Apache-2.0";
