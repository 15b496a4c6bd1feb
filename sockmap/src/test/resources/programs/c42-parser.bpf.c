// SPDX-License-Identifier: Apache-2.0
//
// C42: a parser whose answer the test sets, and a record of every run.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ROOM 64

// [0] what the parser returns. [1] while fewer bytes than this are there it returns 0 instead.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __s32);
} answer SEC(".maps");

// Runs of [0] the parser, [1] the verdict, [2] either.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 3);
    __type(key, __u32);
    __type(value, __u64);
} runs SEC(".maps");

// len at each of the first 64 runs of the parser.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROOM);
    __type(key, __u32);
    __type(value, __u32);
} lens SEC(".maps");

// len at each of the first 64 runs of the verdict.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROOM);
    __type(key, __u32);
    __type(value, __u32);
} verdict_lens SEC(".maps");

// Which program made each of the first 64 runs: 'P' or 'V'.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, ROOM);
    __type(key, __u32);
    __type(value, __u32);
} order SEC(".maps");

// A socket map for the programs to sit on.
struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

static __always_inline void record(__u32 program, void *lens_of, __u32 len)
{
    __u32 either = 2;
    __u32 letter = program == 0 ? 'P' : 'V';
    __u64 *own = bpf_map_lookup_elem(&runs, &program);
    __u64 *all = bpf_map_lookup_elem(&runs, &either);

    if (!own || !all)
        return;

    // Beyond the room an update fails, and only the counts go on.
    __u32 nth = __sync_fetch_and_add(own, 1);
    bpf_map_update_elem(lens_of, &nth, &len, BPF_ANY);
    nth = __sync_fetch_and_add(all, 1);
    bpf_map_update_elem(&order, &nth, &letter, BPF_ANY);
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    __u32 zero = 0, one = 1;
    __u32 len = skb->len;

    record(0, &lens, len);
    __s32 *result = bpf_map_lookup_elem(&answer, &zero);
    __s32 *least = bpf_map_lookup_elem(&answer, &one);
    if (!result || !least)
        return 0;
    if ((__s64)len < *least)
        return 0;
    return *result;
}

SEC("sk_skb/stream_verdict")
int pass(struct __sk_buff *skb)
{
    record(1, &verdict_lens, skb->len);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
