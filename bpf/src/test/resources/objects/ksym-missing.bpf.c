// SPDX-License-Identifier: Apache-2.0
//
// A strong kfunc that nobody has: to be refused by name.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_fixture_nobody_has_this(int value) __ksym;

SEC("sk_msg")
int strong(struct sk_msg_md *msg)
{
    return bpf_fixture_nobody_has_this(3);
}

char LICENSE[] SEC("license") = "GPL";
