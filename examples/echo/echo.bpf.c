// SPDX-License-Identifier: Apache-2.0
//
// echo: every byte that a socket receives goes back to its sender.
//
// Maps:
//   sockets   every connection, under its own socket cookie
//
// Programs:
//   echo      stream verdict of `sockets`, without a parser

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 65536);
    __type(key, __u64);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_skb/stream_verdict")
int echo(struct __sk_buff *skb)
{
    __u64 cookie = bpf_get_socket_cookie(skb);

    // The end of the stream runs a verdict without parser on an empty buffer. There is nothing to send back then, and on
    // Linux an empty redirect breaks the target.
    if (skb->len == 0)
        return SK_PASS;
    return bpf_sk_redirect_hash(skb, &sockets, &cookie, 0);
}

char _license[] SEC("license") = "Apache-2.0";
