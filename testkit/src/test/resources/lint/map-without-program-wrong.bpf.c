// SPDX-License-Identifier: Apache-2.0
//
// Sockets go into a map for which the object has no program.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sockops")
int remember(struct bpf_sock_ops *ctx)
{
    __u32 slot = 0;

    return bpf_sock_map_update(ctx, &sockets, &slot, BPF_ANY) ? 0 : 1; // lint: map-without-program
}

char LICENSE[] SEC("license") = "Apache-2.0";
