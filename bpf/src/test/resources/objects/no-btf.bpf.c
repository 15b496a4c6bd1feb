// SPDX-License-Identifier: Apache-2.0
// build: -g0
//
// Neither .BTF nor .BTF.ext: a legacy map, initialised and zeroed data, a function in .text.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
    unsigned int type;
    unsigned int key_size;
    unsigned int value_size;
    unsigned int max_entries;
    unsigned int map_flags;
};

struct bpf_map_def SEC("maps") runs = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = sizeof(__u32),
    .value_size = sizeof(__u64),
    .max_entries = 1,
};

int step = 3;
__u64 total;

static __attribute__((noinline)) __u64 square(__u64 value)
{
    asm volatile("" : "+r"(value));
    return value * value;
}

// total += step * step; runs[0] += 1; returns total: 9, 18, ...
SEC("socket")
int count(void *ctx)
{
    __u32 zero = 0;
    __u64 *run = bpf_map_lookup_elem(&runs, &zero);

    if (run)
        *run += 1;
    total += square(step);
    return total;
}

char LICENSE[] SEC("license") = "Apache-2.0";
