// SPDX-License-Identifier: Apache-2.0
//
// A line for each message.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int watch(struct sk_msg_md *msg)
{
    bpf_printk("%d bytes", msg->size); // lint: printk-left-in
    return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
