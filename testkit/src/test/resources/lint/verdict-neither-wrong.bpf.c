// SPDX-License-Identifier: Apache-2.0
//
// Errors and lengths returned as verdicts.

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int an_error(struct sk_msg_md *msg)
{
    // The compiler sets the number before it compares.
    if (msg->size > 100) // lint: verdict-neither
        return -EPERM;
    return SK_PASS;
}

SEC("sk_msg")
int success_drops(struct sk_msg_md *msg)
{
    return bpf_msg_pull_data(msg, 0, 4, 0); // lint: verdict-neither
}

SEC("sk_skb/stream_verdict")
int the_error_of_a_helper(struct __sk_buff *skb)
{
    char byte;
    int error = bpf_skb_load_bytes(skb, 0, &byte, 1); // lint: verdict-neither

    if (error)
        return error;
    return byte == 'X' ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
