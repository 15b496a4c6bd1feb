// SPDX-License-Identifier: Apache-2.0
//
// Maps of maps of maps, which the kernel does not have.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct leaf {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
};

struct branch {
    __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct leaf);
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct branch);
} root SEC(".maps");

SEC("socket")
int look(void *ctx)
{
    __u32 zero = 0;

    return bpf_map_lookup_elem(&root, &zero) != 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
