// SPDX-License-Identifier: Apache-2.0
//
// Legacy maps of the five-word kind: three definitions of 20 bytes in one section "maps", no BTF definitions. The
// shape of most objects written before libbpf 1.0.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
    unsigned int type;
    unsigned int key_size;
    unsigned int value_size;
    unsigned int max_entries;
    unsigned int map_flags;
};

struct bpf_map_def SEC("maps") flows = {
    .type = BPF_MAP_TYPE_HASH,
    .key_size = sizeof(__u32),
    .value_size = sizeof(__u64),
    .max_entries = 128,
    .map_flags = BPF_F_NO_PREALLOC,
};

struct bpf_map_def SEC("maps") settings = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = sizeof(__u32),
    .value_size = sizeof(__u32),
    .max_entries = 2,
};

struct bpf_map_def SEC("maps") runs = {
    .type = BPF_MAP_TYPE_PERCPU_ARRAY,
    .key_size = sizeof(__u32),
    .value_size = sizeof(__u64),
    .max_entries = 1,
};

// flows[settings[0]] += 1, runs[0] += 1; returns settings[1].
SEC("socket")
int count(void *ctx)
{
    __u32 zero = 0, one = 1;
    __u32 *flow = bpf_map_lookup_elem(&settings, &zero);
    __u32 *answer = bpf_map_lookup_elem(&settings, &one);
    __u64 *run = bpf_map_lookup_elem(&runs, &zero);

    if (!flow || !answer || !run)
        return -1;
    *run += 1;

    __u32 key = *flow;
    __u64 *seen = bpf_map_lookup_elem(&flows, &key);
    if (seen) {
        __sync_fetch_and_add(seen, 1);
    } else {
        __u64 first = 1;
        bpf_map_update_elem(&flows, &key, &first, BPF_NOEXIST);
    }
    return *answer;
}

char LICENSE[] SEC("license") = "Apache-2.0";
