// SPDX-License-Identifier: Apache-2.0
//
// Frames with a length in front (two bytes, big-endian, counting the whole frame and so themselves), judged by the
// first byte behind it: P pass, D drop, R redirect to the egress of slot 0, I to its ingress queue.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define PREFIX 2
#define EPROTO 71

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

// 0 until the prefix is there; -EPROTO for a length that does not even hold the prefix.
SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    __be16 prefix;

    if (skb->len < PREFIX)
        return 0;
    if (bpf_skb_load_bytes(skb, 0, &prefix, PREFIX) < 0)
        return 0;
    __u16 length = bpf_ntohs(prefix);
    return length < PREFIX ? -EPROTO : length;
}

// A frame without a first byte, or with another, drops.
SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
    char first;

    if (bpf_skb_load_bytes(skb, PREFIX, &first, 1) < 0)
        return SK_DROP;
    switch (first) {
    case 'P':
        return SK_PASS;
    case 'R':
        return bpf_sk_redirect_map(skb, &targets, 0, 0);
    case 'I':
        return bpf_sk_redirect_map(skb, &targets, 0, BPF_F_INGRESS);
    default:
        return SK_DROP;
    }
}

char LICENSE[] SEC("license") = "Apache-2.0";
