// SPDX-License-Identifier: Apache-2.0
//
// A sum for all.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__u64 bytes;

SEC("sk_msg")
int watch(struct sk_msg_md *msg)
{
    __sync_fetch_and_add(&bytes, msg->size);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
