// SPDX-License-Identifier: Apache-2.0
//
// With the check.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
    if (bpf_skb_pull_data(skb, 1))
        return SK_DROP;
    char *data = (char *)(long)skb->data;
    if (data + 1 > (char *)(long)skb->data_end)
        return SK_DROP;
    return data[0] == 'X' ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
