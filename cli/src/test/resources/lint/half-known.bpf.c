// SPDX-License-Identifier: Apache-2.0
//
// Two programs that can be looked at only in part: one calls a function of the kernel that nobody offers, the other belongs
// to a section of no meaning here. The third is wrong in the usual way.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern int bpf_nobody(void) __ksym;

SEC("sk_msg")
int calls_the_kernel(struct sk_msg_md *msg)
{
    return bpf_nobody() ? SK_DROP : SK_PASS;
}

SEC("somewhere")
int of_no_type(struct __sk_buff *skb)
{
    return bpf_skb_pull_data(skb, 1) ? 0 : skb->len;
}

SEC("sk_msg")
int shorten(struct sk_msg_md *msg)
{
    bpf_msg_pop_data(msg, 0, 4, 0);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
