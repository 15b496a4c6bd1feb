// SPDX-License-Identifier: Apache-2.0
//
// No "license" section: the program counts as not GPL-compatible and loads all the same.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} runs SEC(".maps");

// Returns how often it ran.
SEC("socket")
int count(void *ctx)
{
    __u32 zero = 0;
    __u64 *run = bpf_map_lookup_elem(&runs, &zero);

    return run ? __sync_fetch_and_add(run, 1) + 1 : -1;
}
