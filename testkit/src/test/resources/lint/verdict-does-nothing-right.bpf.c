// SPDX-License-Identifier: Apache-2.0
//
// It counts what it passes.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 messages;

SEC("sk_msg")
int count(struct sk_msg_md *msg)
{
    __sync_fetch_and_add(&messages, 1);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
