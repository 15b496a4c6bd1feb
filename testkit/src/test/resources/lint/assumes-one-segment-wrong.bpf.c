// SPDX-License-Identifier: Apache-2.0
//
// A message whose first piece is short is passed without a look.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int judge(struct sk_msg_md *msg)
{
    char *data = msg->data;

    if (data + 4 > (char *)msg->data_end) // lint: assumes-one-segment
        return SK_PASS;
    return data[3] == 'X' ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
