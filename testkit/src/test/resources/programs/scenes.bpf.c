// SPDX-License-Identifier: Apache-2.0
//
// What scenarios look at besides verdicts: a structure for each CPU, records, faults of runs and of timers.
//
//   watch   verdict on all that is received, streams and datagrams: pass, noted in `stats` and `records`
//             '!'  works until it is ended
//             't'  the same, one second later, by a timer

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#define CLOCK_MONOTONIC 1
#define FOR_EVER (1 << 23)

enum kind { NONE, ODD, EVEN };

struct stats {
    __u64 messages;
    __u32 bytes[2];
    bool seen;
    enum kind kind;
    char first[8];
};

struct waiting {
    struct bpf_timer timer;
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 8);
    __type(key, __u64);
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct stats);
} stats SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct waiting);
} timers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} records SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __uint(value_size, 1 << 20);
} paper SEC(".maps");

// A call that copies much counts for many instructions, so the end comes soon.
static int work(__u32 i, void *nothing)
{
    __u32 key = 0;
    void *sheet = bpf_map_lookup_elem(&paper, &key);

    if (sheet)
        bpf_map_update_elem(&paper, &key, sheet, BPF_ANY);
    return 0;
}

static int late(void *map, __u32 *key, struct waiting *waiting)
{
    bpf_loop(FOR_EVER, work, 0, 0);
    return 0;
}

static void start(void)
{
    __u32 key = 0;
    struct waiting *waiting = bpf_map_lookup_elem(&timers, &key);

    if (!waiting)
        return;
    bpf_timer_init(&waiting->timer, &timers, CLOCK_MONOTONIC);
    bpf_timer_set_callback(&waiting->timer, late);
    bpf_timer_start(&waiting->timer, 1000000000, 0);
}

SEC("sk_skb/verdict")
int watch(struct __sk_buff *skb)
{
    __u32 key = 0, length = skb->len;
    struct stats *seen = bpf_map_lookup_elem(&stats, &key);
    char first;

    if (!seen || bpf_skb_load_bytes(skb, 0, &first, 1))
        return SK_PASS;
    seen->messages++;
    seen->bytes[length & 1] += length;
    seen->seen = true;
    seen->kind = length & 1 ? ODD : EVEN;
    seen->first[0] = first;
    bpf_ringbuf_output(&records, &first, 1, 0);
    if (first == '!')
        bpf_loop(FOR_EVER, work, 0, 0);
    if (first == 't')
        start();
    return SK_PASS;
}

char _license[] SEC("license") = "GPL";
