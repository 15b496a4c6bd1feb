// SPDX-License-Identifier: Apache-2.0
//
// Attached to Linux 7.2 it gives EINVAL.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    if (bpf_skb_pull_data(skb, 2)) // lint: parser-changes-buffer
        return 0;
    unsigned char *data = (unsigned char *)(long)skb->data;
    if (data + 2 > (unsigned char *)(long)skb->data_end)
        return 0;
    return data[0] << 8 | data[1];
}

char LICENSE[] SEC("license") = "Apache-2.0";
