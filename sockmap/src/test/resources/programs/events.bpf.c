// SPDX-License-Identifier: Apache-2.0
//
// A verdict that tells of each buffer: its length as a record of a ring buffer, and its first bytes as one of a perf buffer.
// A counter for each CPU goes up by one.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} lengths SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __type(key, __u32);
    __type(value, __u32);
} first_bytes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} count SEC(".maps");

SEC("sk_skb/stream_verdict")
int tell(struct __sk_buff *skb)
{
    __u32 zero = 0, length = skb->len;
    __u64 *counter = bpf_map_lookup_elem(&count, &zero);
    char bytes[4] = {};

    if (counter)
        (*counter)++;
    bpf_ringbuf_output(&lengths, &length, sizeof(length), 0);
    bpf_skb_load_bytes(skb, 0, bytes, sizeof(bytes));
    bpf_perf_event_output(skb, &first_bytes, BPF_F_CURRENT_CPU, bytes, sizeof(bytes));
    return SK_PASS;
}

char LICENSE[] SEC("license") = "GPL";
