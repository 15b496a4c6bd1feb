// SPDX-License-Identifier: Apache-2.0
//
// A message of 10 bytes is cut to 4: Linux panics.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    return skb->len < 10 ? 0 : 10;
}

SEC("sk_skb/stream_verdict")
int shorten(struct __sk_buff *skb)
{
    if (bpf_skb_change_tail(skb, 4, 0)) // lint: framed-message-resized
        return SK_DROP;
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
