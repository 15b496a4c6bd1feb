// SPDX-License-Identifier: Apache-2.0
//
// Writes down each callback of sock_ops. It may ask for callbacks at one of them, and answer at one of them.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MOST 64

// At which callback bpf_sock_ops_cb_flags_set is called, with what; 0 for never.
const volatile __u32 flags_op;
const volatile __u32 wanted_flags;

// At which callback reply is set, to what; the program's result there and elsewhere.
const volatile __u32 reply_op;
const volatile __u32 reply_value;
const volatile __u32 result = 1;

struct event {
    __u32 op;
    __u32 state;
    __u32 is_fullsock;
    __u32 from;
    __u32 to;
    __u32 flags;
    __u32 has_socket;
    __u32 local_port;
    __u64 received;
    __u64 acked;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, MOST);
    __type(key, __u32);
    __type(value, struct event);
} events SEC(".maps");

__u32 count;
long flags_answer = -1;

SEC("sockops")
int trace(struct bpf_sock_ops *ctx)
{
    struct event event = {
        .op = ctx->op,
        .state = ctx->state,
        .is_fullsock = ctx->is_fullsock,
        .from = ctx->args[0],
        .to = ctx->args[1],
        .flags = ctx->bpf_sock_ops_cb_flags,
        .has_socket = ctx->sk != NULL,
        .local_port = ctx->local_port,
        .received = ctx->bytes_received,
        .acked = ctx->bytes_acked,
    };
    __u32 next = count++;

    bpf_map_update_elem(&events, &next, &event, BPF_ANY);
    if (ctx->op == flags_op)
        flags_answer = bpf_sock_ops_cb_flags_set(ctx, wanted_flags);
    if (ctx->op != reply_op)
        return 1;
    ctx->reply = reply_value;
    return result & 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
