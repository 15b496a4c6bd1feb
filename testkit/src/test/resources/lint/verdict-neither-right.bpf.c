// SPDX-License-Identifier: Apache-2.0
//
// Verdicts by name; a parser returns errors and lengths.

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int no_error(struct sk_msg_md *msg)
{
    if (msg->size > 100)
        return SK_DROP;
    return SK_PASS;
}

SEC("sk_msg")
int success_passes(struct sk_msg_md *msg)
{
    return bpf_msg_pull_data(msg, 0, 4, 0) == 0 ? SK_PASS : SK_DROP;
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    char byte;
    int error = bpf_skb_load_bytes(skb, 0, &byte, 1);

    if (error)
        return error;
    return byte == 'X' ? -EBADMSG : 4;
}

char LICENSE[] SEC("license") = "Apache-2.0";
