// SPDX-License-Identifier: Apache-2.0
//
// Constants that the helpers refuse.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_msg")
int unknown_flag(struct sk_msg_md *msg)
{
    return bpf_msg_redirect_map(msg, &sockets, 0, 2); // lint: call-always-fails
}

SEC("sk_msg")
int no_such_slot(struct sk_msg_md *msg)
{
    return bpf_msg_redirect_map(msg, &sockets, 4, 0); // lint: call-always-fails
}

SEC("sk_msg")
int empty_range(struct sk_msg_md *msg)
{
    return bpf_msg_pull_data(msg, 4, 4, 0) ? SK_DROP : SK_PASS; // lint: call-always-fails
}

SEC("sockops")
int unknown_update(struct bpf_sock_ops *ctx)
{
    __u32 slot = 0;

    return bpf_sock_map_update(ctx, &sockets, &slot, 4) ? 0 : 1; // lint: call-always-fails
}

char LICENSE[] SEC("license") = "Apache-2.0";
