// SPDX-License-Identifier: Apache-2.0
//
// A verdict that changes what it passes: pulls up to 16 bytes and turns a to z into capitals, in place.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MOST 16

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_skb/stream_verdict")
int shout(struct __sk_buff *skb)
{
    __u32 wanted = skb->len < MOST ? skb->len : MOST;

    if (bpf_skb_pull_data(skb, wanted) < 0)
        return SK_DROP;

    char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;
    for (int i = 0; i < MOST; i++) {
        if (data + i + 1 > end)
            break;
        if (data[i] >= 'a' && data[i] <= 'z')
            data[i] -= 'a' - 'A';
    }
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
