// SPDX-License-Identifier: Apache-2.0
//
// Two of each kind, for links and slots: those of one letter behave alike. The parsers differ in the helpers they call.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int pass_sent(struct sk_msg_md *msg)
{
    return SK_PASS;
}

SEC("sk_msg")
int drop_sent(struct sk_msg_md *msg)
{
    return SK_DROP;
}

SEC("sk_skb/stream_verdict")
int pass_received(struct __sk_buff *skb)
{
    return SK_PASS;
}

SEC("sk_skb/stream_verdict")
int drop_received(struct __sk_buff *skb)
{
    return SK_DROP;
}

// Reads as parsers should.
SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    char first;

    return bpf_skb_load_bytes(skb, 0, &first, 1) ? 0 : skb->len;
}

// Linux 6.18 takes it as a parser, 7.2 does not.
SEC("sk_skb/stream_parser")
int parse_by_pulling(struct __sk_buff *skb)
{
    return bpf_skb_pull_data(skb, 1) ? 0 : skb->len;
}

// Writes to the packet, but calls no helper for it: a parser on any release.
SEC("sk_skb/stream_parser")
int parse_by_storing(struct __sk_buff *skb)
{
    char *data = (void *)(long)skb->data;

    if (data + 1 <= (char *)(long)skb->data_end)
        *data = 'x';
    return skb->len;
}

SEC("sockops")
int remember(struct bpf_sock_ops *ctx)
{
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
