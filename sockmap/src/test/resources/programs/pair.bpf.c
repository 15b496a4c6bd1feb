// SPDX-License-Identifier: Apache-2.0
//
// C20, C45: a relay by verdict alone. What a socket receives leaves through the socket stored under its cookie; without
// one the program passes, so that the application can read it.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 1024);
    __type(key, __u64); // the source's cookie
    __type(value, __u64); // the target
} targets SEC(".maps");

__u64 redirected; // runs that chose a target
__u64 passed;     // runs that found none

SEC("sk_skb/stream_verdict")
int relay(struct __sk_buff *skb)
{
    __u64 cookie = bpf_get_socket_cookie(skb);

    if (bpf_sk_redirect_hash(skb, &targets, &cookie, 0) == SK_PASS)
        __sync_fetch_and_add(&redirected, 1);
    else
        __sync_fetch_and_add(&passed, 1);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
