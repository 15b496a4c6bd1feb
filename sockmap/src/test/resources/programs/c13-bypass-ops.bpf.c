// SPDX-License-Identifier: Apache-2.0
//
// C13, first of two objects that share four maps pinned by name: pairs sockets as they are established, and clears the
// plain maps when one closes. The socket map clears itself.

#include "c13-bypass.h"

static __always_inline void own_tuple(struct bpf_sock_ops *ctx, struct tuple *tuple)
{
    tuple->local.ip4 = ctx->local_ip4;
    tuple->local.port = ctx->local_port;
    tuple->remote.ip4 = ctx->remote_ip4;
    tuple->remote.port = bpf_ntohl(ctx->remote_port);
}

static __always_inline void on_active(struct bpf_sock_ops *ctx)
{
    struct tuple own;

    own_tuple(ctx, &own);
    bpf_map_update_elem(&connecting, &own.local, &own.remote, BPF_ANY);
    bpf_sock_hash_update(ctx, &sockets, &own, BPF_ANY);
    bpf_sock_ops_cb_flags_set(ctx, BPF_SOCK_OPS_STATE_CB_FLAG);
}

// The pair is complete when the accepting side knows whom its peer asked for.
static __always_inline void on_passive(struct bpf_sock_ops *ctx)
{
    struct tuple own, peer;

    own_tuple(ctx, &own);
    struct endpoint *asked = bpf_map_lookup_elem(&connecting, &own.remote);
    if (!asked)
        return;
    peer.local = own.remote;
    peer.remote = *asked;
    bpf_map_update_elem(&pairs, &own, &peer, BPF_ANY);
    bpf_map_update_elem(&pairs, &peer, &own, BPF_ANY);
    bpf_sock_hash_update(ctx, &sockets, &own, BPF_ANY);
    bpf_sock_ops_cb_flags_set(ctx, BPF_SOCK_OPS_STATE_CB_FLAG);
}

static __always_inline void on_state(struct bpf_sock_ops *ctx)
{
    struct tuple own;

    if (ctx->args[1] != TCP_CLOSE)
        return;
    own_tuple(ctx, &own);
    bpf_map_delete_elem(&pairs, &own);
    bpf_map_delete_elem(&connecting, &own.local);
    count(CLOSED);
}

SEC("sockops")
int follow(struct bpf_sock_ops *ctx)
{
    if (ctx->family != AF_INET)
        return 1;
    switch (ctx->op) {
    case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
        on_active(ctx);
        break;
    case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
        on_passive(ctx);
        break;
    case BPF_SOCK_OPS_STATE_CB:
        on_state(ctx);
        break;
    }
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
