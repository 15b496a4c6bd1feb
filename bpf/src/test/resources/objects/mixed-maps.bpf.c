// SPDX-License-Identifier: Apache-2.0
//
// Both map styles in one object: a BTF definition in ".maps" beside legacy ones in "maps".

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
    unsigned int type;
    unsigned int key_size;
    unsigned int value_size;
    unsigned int max_entries;
    unsigned int map_flags;
};

struct bpf_map_def SEC("maps") old_array = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = sizeof(__u32),
    .value_size = sizeof(__u32),
    .max_entries = 4,
};

struct bpf_map_def SEC("maps") old_hash = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = sizeof(__u32),
    .value_size = sizeof(__u32),
    .max_entries = 16,
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 32);
    __type(key, __u32);
    __type(value, __u64);
} new_hash SEC(".maps");

// Moves old_array[1] into old_hash[1] and new_hash[1]; returns it.
SEC("socket")
int copy(void *ctx)
{
    __u32 key = 1;
    __u32 *from = bpf_map_lookup_elem(&old_array, &key);
    if (!from)
        return -1;

    __u32 narrow = *from;
    __u64 wide = narrow;
    bpf_map_update_elem(&old_hash, &key, &narrow, BPF_ANY);
    bpf_map_update_elem(&new_hash, &key, &wide, BPF_ANY);
    return narrow;
}

char LICENSE[] SEC("license") = "Apache-2.0";
