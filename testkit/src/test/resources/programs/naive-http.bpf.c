// SPDX-License-Identifier: Apache-2.0
//
// A policy that looks right and is wrong: it drops DELETE requests, as long as a request comes in one piece and its
// first bytes can be read without pulling them. Neither is promised.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 1024);
    __type(key, __u64);
    __type(value, __u64);
} clients SEC(".maps");

SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
    char *data = (char *)(long)skb->data;
    char *data_end = (char *)(long)skb->data_end;

    if (data + 7 > data_end)
        return SK_PASS;
    if (data[0] == 'D' && data[1] == 'E' && data[2] == 'L' && data[3] == 'E' && data[4] == 'T' && data[5] == 'E' && data[6] == ' ')
        return SK_DROP;
    return SK_PASS;
}

char _license[] SEC("license") = "Apache-2.0";
