// SPDX-License-Identifier: Apache-2.0
//
// Redirects with flags that are not defined (2 unless the loader sets others), to slot 0 or key 0. Each program returns
// what the helper said, and leaves it in result.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u64 redirect_flags = 2;

long result = -1;

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} hash_targets SEC(".maps");

SEC("sk_msg")
int msg_map(struct sk_msg_md *msg)
{
    result = bpf_msg_redirect_map(msg, &targets, 0, redirect_flags);
    return result;
}

SEC("sk_msg")
int msg_hash(struct sk_msg_md *msg)
{
    __u32 zero = 0;

    result = bpf_msg_redirect_hash(msg, &hash_targets, &zero, redirect_flags);
    return result;
}

SEC("sk_skb/stream_verdict")
int skb_map(struct __sk_buff *skb)
{
    result = bpf_sk_redirect_map(skb, &targets, 0, redirect_flags);
    return result;
}

SEC("sk_skb/stream_verdict")
int skb_hash(struct __sk_buff *skb)
{
    __u32 zero = 0;

    result = bpf_sk_redirect_hash(skb, &hash_targets, &zero, redirect_flags);
    return result;
}

char LICENSE[] SEC("license") = "Apache-2.0";
