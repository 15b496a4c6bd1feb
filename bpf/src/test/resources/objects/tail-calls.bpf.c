// SPDX-License-Identifier: Apache-2.0
//
// Tail calls: through a slot that the object leaves empty, and through one that leads back to the caller.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

int again(void *ctx);

// Empty: slot 0 is for the test to fill, with leaf or with anything else.
struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 2);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(__u32));
} jumps SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(__u32));
    __array(values, int(void *));
} self SEC(".maps") = {
    .values = { [0] = (void *)&again },
};

__u64 entered;
__u64 runs;

// Tail-calls jumps[0]; where that fails falls through and returns 2. entered += 1 first.
SEC("socket")
int entry(void *ctx)
{
    __sync_fetch_and_add(&entered, 1);
    bpf_tail_call(ctx, &jumps, 0);
    return 2;
}

// Returns 7.
SEC("socket")
int leaf(void *ctx)
{
    return 7;
}

// runs += 1, then tail-calls itself until the limit of 33 calls stops it: one run of it leaves runs = 34 and
// returns 3.
SEC("socket")
int again(void *ctx)
{
    __sync_fetch_and_add(&runs, 1);
    bpf_tail_call(ctx, &self, 0);
    return 3;
}

// An index outside the array falls through: returns 4.
SEC("socket")
int outside(void *ctx)
{
    bpf_tail_call(ctx, &jumps, 2);
    return 4;
}

char LICENSE[] SEC("license") = "Apache-2.0";
