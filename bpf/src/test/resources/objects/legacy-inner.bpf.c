// SPDX-License-Identifier: Apache-2.0
//
// Maps of maps from before BTF, by the layout of iproute2's loader: the outer map has the id of an inner one, which has
// its index there.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_elf_map {
    __u32 type;
    __u32 size_key;
    __u32 size_value;
    __u32 max_elem;
    __u32 flags;
    __u32 id;
    __u32 pinning;
    __u32 inner_id;
    __u32 inner_idx;
};

struct bpf_elf_map SEC("maps") inner_at_one = {
    .type = BPF_MAP_TYPE_ARRAY,
    .size_key = sizeof(__u32),
    .size_value = sizeof(__u32),
    .max_elem = 1,
    .id = 42,
    .inner_idx = 1,
};

struct bpf_elf_map SEC("maps") inner_nowhere = {
    .type = BPF_MAP_TYPE_ARRAY,
    .size_key = sizeof(__u32),
    .size_value = sizeof(__u32),
    .max_elem = 1,
    .id = 42,
    .inner_idx = -1,
};

struct bpf_elf_map SEC("maps") outer = {
    .type = BPF_MAP_TYPE_ARRAY_OF_MAPS,
    .size_key = sizeof(__u32),
    .size_value = sizeof(__u32),
    .max_elem = 4,
    .inner_id = 42,
};

// Returns the number in the map at index 1, or -1.
SEC("classifier")
int look(void *ctx)
{
    __u32 one = 1, zero = 0;

    void *inner = bpf_map_lookup_elem(&outer, &one);
    if (!inner)
        return -1;
    __u32 *value = bpf_map_lookup_elem(inner, &zero);
    return value ? *value : -1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
