// SPDX-License-Identifier: Apache-2.0
//
// A value with a spin lock, a timer and counters: what a program that forgets idle flows has. Also text: numbers read and
// printed.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define CLOCK_MONOTONIC 1

struct flow {
    __u64 seen;
    struct bpf_spin_lock lock;
    __u32 expired;
    struct bpf_timer timer;
    __u64 key_seen;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, struct flow);
} flows SEC(".maps");

__u32 key = 7;
char input[16] = " -0x1f;";
char printed[32];

// Runs when a flow was idle for a second: counts, and runs again a second later, three times in all.
static int on_idle(void *map, __u32 *key, struct flow *flow)
{
    bpf_spin_lock(&flow->lock);
    flow->expired++;
    flow->key_seen = *key;
    bpf_spin_unlock(&flow->lock);
    if (flow->expired < 3)
        bpf_timer_start(&flow->timer, 1000000000, 0);
    return 0;
}

// Counts under the lock, and starts the flow's timer anew: returns what the start of the timer did.
SEC("classifier")
int touch(void *ctx)
{
    struct flow fresh = {}, *flow;

    flow = bpf_map_lookup_elem(&flows, &key);
    if (!flow) {
        bpf_map_update_elem(&flows, &key, &fresh, BPF_NOEXIST);
        flow = bpf_map_lookup_elem(&flows, &key);
        if (!flow)
            return -1;
        if (bpf_timer_init(&flow->timer, &flows, CLOCK_MONOTONIC))
            return -2;
        if (bpf_timer_set_callback(&flow->timer, on_idle))
            return -3;
    }
    bpf_spin_lock(&flow->lock);
    flow->seen++;
    bpf_spin_unlock(&flow->lock);
    return bpf_timer_start(&flow->timer, 1000000000, 0);
}

// Takes the timer back: 1 if it would have gone off.
SEC("classifier")
int settle(void *ctx)
{
    struct flow *flow = bpf_map_lookup_elem(&flows, &key);

    return flow ? bpf_timer_cancel(&flow->timer) : -1;
}

// Reads the number in `input`, and prints it to `printed`; returns how many characters it took, plus 100 times those
// that were printed.
SEC("classifier")
int text(void *ctx)
{
    static const char format[] = "<%ld %5x %s>";
    long number = 0;
    int taken = bpf_strtol(input, sizeof(input), 0, &number);
    __u64 values[] = {number, number, (__u64)(long)input};
    int length = bpf_snprintf(printed, sizeof(printed), format, values, sizeof(values));

    return taken + 100 * length;
}

char LICENSE[] SEC("license") = "GPL";
