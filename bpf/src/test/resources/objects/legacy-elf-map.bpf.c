// SPDX-License-Identifier: Apache-2.0
//
// Legacy maps of the larger kind that iproute2's loader reads: nine words (36 bytes) each, with id and pinning. The
// shape of objects written for tc, and of Cilium's early ones.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_elf_map {
    __u32 type;
    __u32 size_key;
    __u32 size_value;
    __u32 max_elem;
    __u32 flags;
    __u32 id;
    __u32 pinning; // 0 none, 1 object namespace, 2 global namespace
    __u32 inner_id;
    __u32 inner_idx;
};

struct bpf_elf_map SEC("maps") endpoints = {
    .type = BPF_MAP_TYPE_HASH,
    .size_key = sizeof(__u64),
    .size_value = sizeof(__u32),
    .max_elem = 64,
    .flags = BPF_F_NO_PREALLOC,
    .id = 7,
    .pinning = 2,
};

struct bpf_elf_map SEC("maps") answers = {
    .type = BPF_MAP_TYPE_ARRAY,
    .size_key = sizeof(__u32),
    .size_value = sizeof(__u32),
    .max_elem = 8,
};

// Returns answers[endpoints[42]], or -1 where either is missing.
SEC("classifier")
int classify(void *ctx)
{
    __u64 endpoint = 42;
    __u32 *index = bpf_map_lookup_elem(&endpoints, &endpoint);
    if (!index)
        return -1;

    __u32 slot = *index;
    __u32 *answer = bpf_map_lookup_elem(&answers, &slot);
    return answer ? *answer : -1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
