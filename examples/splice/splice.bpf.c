// SPDX-License-Identifier: Apache-2.0
//
// splice: joins pairs of sockets. What one receives is sent by the other, and the program never looks at a byte.
//
// Maps:
//   peers     under the cookie of a socket: its peer. Both directions need an entry each.
//
// Programs:
//   splice    stream verdict of `peers`, without a parser

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 65536);
    __type(key, __u64);
    __type(value, __u64);
} peers SEC(".maps");

SEC("sk_skb/stream_verdict")
int splice(struct __sk_buff *skb)
{
    __u64 cookie = bpf_get_socket_cookie(skb);

    // The end of the stream runs a verdict without parser on an empty buffer. There is nothing to send then, and on Linux
    // an empty redirect breaks the target.
    if (skb->len == 0)
        return SK_PASS;
    // A socket without a peer keeps its bytes: a redirect that finds no target chooses none, and to pass without a target
    // is to hand the bytes to the socket's own reader.
    bpf_sk_redirect_hash(skb, &peers, &cookie, 0);
    return SK_PASS;
}

char _license[] SEC("license") = "Apache-2.0";
