// SPDX-License-Identifier: Apache-2.0
//
// Cleared first, without padding, or written by somebody else.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct key {
    __u32 remote_ip4;
    __u16 port;
    __u8 protocol;
    __u8 zero; // all bytes of a key count
};
struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 4);
    __type(key, struct key);
    __type(value, __u64);
} targets SEC(".maps");

SEC("sk_msg")
int cleared(struct sk_msg_md *msg)
{
    struct key key;

    __builtin_memset(&key, 0, sizeof(key));
    key.remote_ip4 = msg->remote_ip4;
    key.port = msg->local_port;
    return bpf_msg_redirect_hash(msg, &targets, &key, 0);
}

SEC("sk_msg")
int by_fields(struct sk_msg_md *msg)
{
    struct key key = {.remote_ip4 = msg->remote_ip4, .port = msg->local_port, .protocol = 6, .zero = 0};

    return bpf_msg_redirect_hash(msg, &targets, &key, 0);
}

static __noinline void fill(struct sk_msg_md *msg, struct key *key)
{
    __builtin_memset(key, 0, sizeof(*key));
    key->remote_ip4 = msg->remote_ip4;
}

SEC("sk_msg")
int by_a_function(struct sk_msg_md *msg)
{
    struct key key;

    fill(msg, &key);
    return bpf_msg_redirect_hash(msg, &targets, &key, 0);
}

SEC("sk_skb/stream_verdict")
int by_a_helper(struct __sk_buff *skb)
{
    struct key key;

    if (bpf_skb_load_bytes(skb, 0, &key, sizeof(key)))
        return SK_PASS;
    return bpf_sk_redirect_hash(skb, &targets, &key, 0);
}

char LICENSE[] SEC("license") = "Apache-2.0";
