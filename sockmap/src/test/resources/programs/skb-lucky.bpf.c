// SPDX-License-Identifier: Apache-2.0
//
// K2, C24: a program that relies on luck, and the same done right. A frame has its length in its first byte, which counts
// itself; frames with an X behind it are to be dropped.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define HEAD 2

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

__u64 too_short; // runs that found less than a head between data and data_end

static __always_inline int judge(struct __sk_buff *skb)
{
    char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;

    if (data + HEAD > end) {
        __sync_fetch_and_add(&too_short, 1);
        return SK_PASS;
    }
    return data[1] == 'X' ? SK_DROP : SK_PASS;
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    unsigned char length;

    if (bpf_skb_load_bytes(skb, 0, &length, 1) < 0)
        return 0;
    return length < HEAD ? HEAD : length;
}

// Takes what it can't see for harmless.
SEC("sk_skb/stream_verdict")
int lucky(struct __sk_buff *skb)
{
    return judge(skb);
}

SEC("sk_skb/stream_verdict")
int sound(struct __sk_buff *skb)
{
    if (bpf_skb_pull_data(skb, HEAD) < 0)
        return SK_DROP;
    return judge(skb);
}

char LICENSE[] SEC("license") = "Apache-2.0";
