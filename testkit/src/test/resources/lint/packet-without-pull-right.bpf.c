// SPDX-License-Identifier: Apache-2.0
//
// Pulled first, or where too few bytes are there, or copied.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

static __noinline int first(struct __sk_buff *skb)
{
    char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;

    if (data + 1 > end)
        return -1;
    return data[0];
}

SEC("sk_skb/stream_verdict")
int pull_first(struct __sk_buff *skb)
{
    if (bpf_skb_pull_data(skb, 1) < 0)
        return SK_DROP;
    return first(skb) == 'X' ? SK_DROP : SK_PASS;
}

SEC("sk_skb/stream_verdict")
int pull_if_needed(struct __sk_buff *skb)
{
    int byte = first(skb);

    if (byte < 0) {
        if (bpf_skb_pull_data(skb, 1) < 0)
            return SK_DROP;
        byte = first(skb);
    }
    return byte == 'X' ? SK_DROP : SK_PASS;
}

SEC("sk_skb/stream_verdict")
int pull_what_is_not_linear(struct __sk_buff *skb)
{
    __u32 linear = skb->data_end - skb->data;

    if (linear < 8 && skb->len >= 8 && bpf_skb_pull_data(skb, 8) < 0)
        return SK_DROP;
    char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;
    if (data + 8 > end)
        return SK_PASS;
    return data[7] == 'X' ? SK_DROP : SK_PASS;
}

SEC("sk_skb/stream_verdict")
int copy(struct __sk_buff *skb)
{
    char byte;

    if (bpf_skb_load_bytes(skb, 0, &byte, 1))
        return SK_PASS;
    return byte == 'X' ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
