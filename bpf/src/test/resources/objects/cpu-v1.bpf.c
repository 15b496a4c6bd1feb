// SPDX-License-Identifier: Apache-2.0
// build: -mcpu=v1
//
// The first instruction set: no jumps on "less", no 32-bit jumps, 64-bit arithmetic with shift pairs for 32-bit values.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u32);
} words SEC(".maps");

// a = words[0], b = words[1]; words[2] = a + b; words[3] = 1 if a < b unsigned, 2 if a < b signed, 3 if both, else 0.
// Returns words[3].
SEC("socket")
int compare(void *ctx)
{
    __u32 at0 = 0, at1 = 1, at2 = 2, at3 = 3;
    __u32 *a = bpf_map_lookup_elem(&words, &at0);
    __u32 *b = bpf_map_lookup_elem(&words, &at1);
    __u32 *sum = bpf_map_lookup_elem(&words, &at2);
    __u32 *order = bpf_map_lookup_elem(&words, &at3);
    __u32 result = 0;

    if (!a || !b || !sum || !order)
        return -1;
    *sum = *a + *b;
    if (*a < *b)
        result |= 1;
    if ((__s32)*a < (__s32)*b)
        result |= 2;
    *order = result;
    return result;
}

// Swaps the bytes of words[0] and rotates them by 8; returns the result.
SEC("socket")
int mangle(void *ctx)
{
    __u32 at0 = 0;
    __u32 *word = bpf_map_lookup_elem(&words, &at0);

    if (!word)
        return -1;
    __u32 swapped = __builtin_bswap32(*word);
    asm volatile("" : "+r"(swapped));
    return (swapped << 8) | (swapped >> 24);
}

char LICENSE[] SEC("license") = "Apache-2.0";
