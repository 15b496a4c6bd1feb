// SPDX-License-Identifier: Apache-2.0
//
// Constants that they take.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_msg")
int known_flag(struct sk_msg_md *msg)
{
    return bpf_msg_redirect_map(msg, &sockets, 3, BPF_F_INGRESS);
}

SEC("sk_msg")
int range(struct sk_msg_md *msg)
{
    return bpf_msg_pull_data(msg, 4, 5, 0) ? SK_DROP : SK_PASS;
}

SEC("sockops")
int known_update(struct bpf_sock_ops *ctx)
{
    __u32 slot = 0;

    return bpf_sock_map_update(ctx, &sockets, &slot, BPF_NOEXIST) ? 0 : 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
