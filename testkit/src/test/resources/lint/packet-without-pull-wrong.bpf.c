// SPDX-License-Identifier: Apache-2.0
//
// They read what Linux does not show of a TCP stream.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
    char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;

    if (data + 1 > end) // lint: packet-without-pull
        return SK_PASS;
    return data[0] == 'X' ? SK_DROP : SK_PASS;
}

SEC("sk_skb/stream_verdict")
int judge_the_other_way_round(struct __sk_buff *skb)
{
    char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;

    if (end >= data + 8) // lint: packet-without-pull
        return data[7] == 'X' ? SK_DROP : SK_PASS;
    return SK_DROP;
}

// A section that tells no attach type: it may be meant for datagrams.
SEC("sk_skb/verdict")
int datagrams(struct __sk_buff *skb)
{
    char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;

    if (data + 1 > end) // lint: packet-without-pull
        return SK_PASS;
    return data[0] == 'X' ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
