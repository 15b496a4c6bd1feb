// SPDX-License-Identifier: Apache-2.0
//
// The rest is pulled, or waited for.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_msg")
int judge(struct sk_msg_md *msg)
{
    char *data = msg->data;

    if (data + 4 > (char *)msg->data_end) {
        if (bpf_msg_pull_data(msg, 0, 4, 0))
            return SK_DROP;
        data = msg->data;
        if (data + 4 > (char *)msg->data_end)
            return SK_DROP;
    }
    return data[3] == 'X' ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int wait_for_four(struct sk_msg_md *msg)
{
    char *data = msg->data;

    if (data + 4 > (char *)msg->data_end) {
        bpf_msg_cork_bytes(msg, 4);
        return SK_PASS;
    }
    return data[3] == 'X' ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
