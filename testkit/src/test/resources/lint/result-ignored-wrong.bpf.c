// SPDX-License-Identifier: Apache-2.0
//
// Helpers that can fail, and nobody looks whether they did.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} ports SEC(".maps");

SEC("sk_msg")
int shorten(struct sk_msg_md *msg)
{
    __u32 port = msg->local_port;
    __u64 one = 1;

    bpf_map_update_elem(&ports, &port, &one, BPF_ANY); // lint: result-ignored
    bpf_msg_pop_data(msg, 0, 4, 0); // lint: result-ignored
    return SK_PASS;
}

SEC("sk_msg")
int look_behind(struct sk_msg_md *msg)
{
    bpf_msg_pull_data(msg, 4, 8, 0); // lint: result-ignored
    char *data = msg->data;
    if (data + 4 > (char *)msg->data_end)
        return SK_DROP;
    return data[0] == 'x' ? SK_DROP : SK_PASS;
}

SEC("sk_skb/stream_verdict")
int overwrite(struct __sk_buff *skb)
{
    char zero = 0;

    bpf_skb_store_bytes(skb, 0, &zero, 1, 0); // lint: result-ignored
    return SK_PASS;
}

// It returns nothing, so what is left in R0 at its end is looked at by nobody.
static __noinline void cut(struct sk_msg_md *msg)
{
    bpf_msg_pop_data(msg, 0, 1, 0); // lint: result-ignored
}

SEC("sk_msg")
int through_a_function(struct sk_msg_md *msg)
{
    cut(msg);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
