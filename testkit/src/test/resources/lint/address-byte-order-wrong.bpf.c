// SPDX-License-Identifier: Apache-2.0
//
// Addresses compared as they are written, not as they are stored.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int only_loopback(struct sk_msg_md *msg)
{
    return msg->remote_ip4 == 0x7f000001 ? SK_PASS : SK_DROP; // lint: address-byte-order
}

SEC("sk_msg")
int only_private(struct sk_msg_md *msg)
{
    return (msg->local_ip4 & 0xffff0000) == 0xc0a80000 ? SK_PASS : SK_DROP; // lint: address-byte-order
}

char LICENSE[] SEC("license") = "Apache-2.0";
