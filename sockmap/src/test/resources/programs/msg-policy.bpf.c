// SPDX-License-Identifier: Apache-2.0
//
// A firewall for what sockets send: nothing goes to 192.0.2.0/24, everything else passes. Two sock_ops programs in one section
// store connections that are opened, each in a slot of its own.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define FORBIDDEN 0xc0000200
#define MASK 0xffffff00

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_msg")
int filter(struct sk_msg_md *msg)
{
    if (!msg->sk || msg->family != AF_INET)
        return SK_PASS;
    return (bpf_ntohl(msg->remote_ip4) & MASK) == FORBIDDEN ? SK_DROP : SK_PASS;
}

static int store(struct bpf_sock_ops *ops, __u32 slot)
{
    if (ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
        bpf_sock_map_update(ops, &sockets, &slot, BPF_ANY);
    return 1;
}

SEC("sockops")
int store_in_0(struct bpf_sock_ops *ops)
{
    return store(ops, 0);
}

SEC("sockops")
int store_in_1(struct bpf_sock_ops *ops)
{
    return store(ops, 1);
}

char LICENSE[] SEC("license") = "Apache-2.0";
