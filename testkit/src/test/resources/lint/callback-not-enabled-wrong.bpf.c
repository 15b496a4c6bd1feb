// SPDX-License-Identifier: Apache-2.0
//
// Nobody asks for changes of state.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 closed;

SEC("sockops")
int follow(struct bpf_sock_ops *ctx)
{
    if (ctx->op == BPF_SOCK_OPS_STATE_CB) // lint: callback-not-enabled
        closed++;
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
