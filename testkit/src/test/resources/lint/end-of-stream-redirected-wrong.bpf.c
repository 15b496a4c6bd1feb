// SPDX-License-Identifier: Apache-2.0
//
// The run for the end of the stream redirects nothing to the target, which breaks.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_skb/stream_verdict")
int echo(struct __sk_buff *skb)
{
    return bpf_sk_redirect_map(skb, &sockets, 0, 0); // lint: end-of-stream-redirected
}

char LICENSE[] SEC("license") = "Apache-2.0";
