// SPDX-License-Identifier: Apache-2.0
//
// The same, each result looked at, on every path or on one.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} ports SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

SEC("sk_msg")
int shorten(struct sk_msg_md *msg)
{
    __u32 port = msg->local_port, zero = 0;
    __u64 one = 1;

    if (bpf_map_update_elem(&ports, &port, &one, BPF_ANY))
        return SK_DROP;
    bpf_map_update_elem(&counts, &zero, &one, BPF_ANY); // an array has room
    return bpf_msg_pop_data(msg, 0, 4, 0) ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int look_behind(struct sk_msg_md *msg)
{
    int error = bpf_msg_pull_data(msg, 4, 8, 0);

    char *data = msg->data;
    if (data + 4 > (char *)msg->data_end)
        return SK_DROP;
    if (error)
        return SK_DROP;
    return data[0] == 'x' ? SK_DROP : SK_PASS;
}

long last;

SEC("sk_skb/stream_verdict")
int overwrite(struct __sk_buff *skb)
{
    char zero = 0;

    switch (skb->len & 3) {
    case 0:
        last = bpf_skb_store_bytes(skb, 0, &zero, 1, 0);
        break;
    case 1:
        last = bpf_skb_pull_data(skb, 1);
        break;
    default:
        return SK_DROP;
    }
    return SK_PASS;
}

static __noinline int cut(struct sk_msg_md *msg)
{
    return bpf_msg_pop_data(msg, 0, 1, 0);
}

SEC("sk_msg")
int through_a_function(struct sk_msg_md *msg)
{
    return cut(msg) ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
