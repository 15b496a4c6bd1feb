// SPDX-License-Identifier: Apache-2.0
//
// Every comparison is made in the wrong order, so it never holds.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u16);
    __type(value, __u64);
} ports SEC(".maps");

SEC("sk_msg")
int remote_as_it_is(struct sk_msg_md *msg)
{
    return msg->remote_port == 443 ? SK_DROP : SK_PASS; // lint: port-byte-order
}

SEC("sk_msg")
int remote_from(struct sk_msg_md *msg)
{
    return msg->remote_port < 1024 ? SK_DROP : SK_PASS; // lint: port-byte-order
}

SEC("sk_msg")
int local_swapped(struct sk_msg_md *msg)
{
    return bpf_ntohl(msg->local_port) == 8080 ? SK_DROP : SK_PASS; // lint: port-byte-order
}

SEC("sk_msg")
int both(struct sk_msg_md *msg)
{
    return msg->local_port == msg->remote_port ? SK_DROP : SK_PASS; // lint: port-byte-order
}

SEC("sockops")
int sixteen_bits_of_32(struct bpf_sock_ops *ctx)
{
    __u32 remote = *(volatile __u32 *)&ctx->remote_port;
    __u16 port = remote; // lint: port-byte-order

    return bpf_map_lookup_elem(&ports, &port) ? 0 : 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
