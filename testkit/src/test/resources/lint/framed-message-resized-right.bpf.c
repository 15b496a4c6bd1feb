// SPDX-License-Identifier: Apache-2.0
//
// The same without a parser.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_verdict")
int shorten(struct __sk_buff *skb)
{
    if (bpf_skb_change_tail(skb, 4, 0))
        return SK_DROP;
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
