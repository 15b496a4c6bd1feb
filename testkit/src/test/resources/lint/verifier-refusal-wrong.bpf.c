// SPDX-License-Identifier: Apache-2.0
//
// A bounds check is missing. The second mistake is found all the same.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
    char *data = (char *)(long)skb->data;

    if (bpf_skb_change_tail(skb, skb->len, 7)) // lint: call-always-fails
        return SK_DROP;
    data = (char *)(long)skb->data;
    return data[0] == 'X' ? SK_DROP : SK_PASS; // lint: verifier-refusal
}

char LICENSE[] SEC("license") = "Apache-2.0";
