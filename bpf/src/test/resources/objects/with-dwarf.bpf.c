// SPDX-License-Identifier: Apache-2.0
// build: no-strip
//
// As a compiler leaves it: with DWARF, its string tables and its relocations beside BTF. Most objects in the field are
// like this, and a reader passes over all of it.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} runs SEC(".maps");

static __attribute__((noinline)) __u64 next(__u64 value)
{
    asm volatile("" : "+r"(value));
    return value + 1;
}

// Returns how often it ran.
SEC("socket")
int count(void *ctx)
{
    __u32 zero = 0;
    __u64 *run = bpf_map_lookup_elem(&runs, &zero);

    if (!run)
        return -1;
    *run = next(*run);
    return *run;
}

char LICENSE[] SEC("license") = "Apache-2.0";
