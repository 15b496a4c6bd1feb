// SPDX-License-Identifier: Apache-2.0
// build: -target bpfeb
//
// An object for a big-endian machine: to be refused by name.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_skb/stream_verdict")
int verdict(struct __sk_buff *skb)
{
    return bpf_sk_redirect_map(skb, &sockets, 0, 0);
}

char LICENSE[] SEC("license") = "Apache-2.0";
