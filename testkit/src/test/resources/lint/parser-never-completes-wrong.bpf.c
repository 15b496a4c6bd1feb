// SPDX-License-Identifier: Apache-2.0
//
// It waits for more for ever.

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb) // lint: parser-never-completes
{
    char byte;

    if (bpf_skb_load_bytes(skb, 0, &byte, 1))
        return 0;
    return byte == 'X' ? -EBADMSG : 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
