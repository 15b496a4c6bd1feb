// SPDX-License-Identifier: Apache-2.0
//
// C01, the local bypass: every established socket is stored under its peer's port, so a sender finds the peer under
// its own local port and hands it the bytes directly. The redirect's result is the verdict: an absent peer drops.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 2);
    __type(key, __u32); // the peer's port, host order
    __type(value, __u64);
} peers SEC(".maps");

SEC("sk_msg")
int shortcut(struct sk_msg_md *msg)
{
    __u32 port = msg->local_port;

    return bpf_msg_redirect_hash(msg, &peers, &port, BPF_F_INGRESS);
}

SEC("sockops")
int remember(struct bpf_sock_ops *ctx)
{
    __u32 port;

    switch (ctx->op) {
    case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
    case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
        port = bpf_ntohl(ctx->remote_port);
        bpf_sock_hash_update(ctx, &peers, &port, BPF_ANY);
        break;
    }
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
