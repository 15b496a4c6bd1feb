// SPDX-License-Identifier: Apache-2.0
//
// The same, swapped.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int only_loopback(struct sk_msg_md *msg)
{
    return msg->remote_ip4 == bpf_htonl(0x7f000001) ? SK_PASS : SK_DROP;
}

SEC("sk_msg")
int only_loopback_swapped(struct sk_msg_md *msg)
{
    return bpf_ntohl(msg->remote_ip4) == 0x7f000001 ? SK_PASS : SK_DROP;
}

SEC("sk_msg")
int only_private(struct sk_msg_md *msg)
{
    return (bpf_ntohl(msg->local_ip4) & 0xffff0000) == 0xc0a80000 ? SK_PASS : SK_DROP;
}

SEC("sk_msg")
int one_public(struct sk_msg_md *msg)
{
    return msg->remote_ip4 == bpf_htonl(0x08080808) ? SK_PASS : SK_DROP;
}

char LICENSE[] SEC("license") = "Apache-2.0";
