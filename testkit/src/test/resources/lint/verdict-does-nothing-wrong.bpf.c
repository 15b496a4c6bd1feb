// SPDX-License-Identifier: Apache-2.0
//
// It could as well not be there.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int pass(struct sk_msg_md *msg)
{
    return SK_PASS; // lint: verdict-does-nothing
}

char LICENSE[] SEC("license") = "Apache-2.0";
