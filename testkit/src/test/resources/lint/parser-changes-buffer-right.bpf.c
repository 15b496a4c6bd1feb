// SPDX-License-Identifier: Apache-2.0
//
// It copies what it wants to see.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    unsigned char length[2];

    if (bpf_skb_load_bytes(skb, 0, length, sizeof(length)))
        return 0;
    return length[0] << 8 | length[1];
}

char LICENSE[] SEC("license") = "Apache-2.0";
