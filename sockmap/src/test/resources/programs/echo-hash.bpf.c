// SPDX-License-Identifier: Apache-2.0
//
// C18, C19: an echo by verdict alone. A socket stored under its own cookie gets back what it sent; any other drops.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 1024);
    __type(key, __u64); // the socket's own cookie
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_skb/stream_verdict")
int echo(struct __sk_buff *skb)
{
    __u64 cookie = bpf_get_socket_cookie(skb);

    return bpf_sk_redirect_hash(skb, &sockets, &cookie, 0);
}

char LICENSE[] SEC("license") = "Apache-2.0";
