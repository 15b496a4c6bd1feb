// SPDX-License-Identifier: Apache-2.0
//
// They are asked for when the connection is there.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 closed;

SEC("sockops")
int follow(struct bpf_sock_ops *ctx)
{
    if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
        bpf_sock_ops_cb_flags_set(ctx, BPF_SOCK_OPS_STATE_CB_FLAG);
    if (ctx->op == BPF_SOCK_OPS_STATE_CB)
        closed++;
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
