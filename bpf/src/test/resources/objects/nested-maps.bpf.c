// SPDX-License-Identifier: Apache-2.0
//
// Maps of maps that are shared by name, and filled at load: per-tenant tables as load balancers have them.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct table {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
};

struct table gold SEC(".maps"), silver SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
    __uint(max_entries, 4);
    __uint(pinning, LIBBPF_PIN_BY_NAME);
    __type(key, __u32);
    __array(values, struct table);
} tenants SEC(".maps") = {
    .values = {
        [0] = &gold,
        [3] = &silver,
    },
};

// Inner arrays may differ in their number of elements.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 2);
    __type(key, __u32);
    __array(values, struct {
        __uint(type, BPF_MAP_TYPE_ARRAY);
        __uint(map_flags, BPF_F_INNER_MAP);
        __uint(max_entries, 1);
        __type(key, __u32);
        __type(value, __u32);
    });
} sized SEC(".maps");

__u32 tenant;

// Counts in the table of the tenant under key 7; returns the count, or -1 for a tenant without a table.
SEC("socket")
int count(void *ctx)
{
    __u32 which = tenant, key = 7;
    __u64 one = 1;

    void *table = bpf_map_lookup_elem(&tenants, &which);
    if (!table)
        return -1;
    __u64 *value = bpf_map_lookup_elem(table, &key);
    if (!value) {
        bpf_map_update_elem(table, &key, &one, BPF_ANY);
        return 1;
    }
    return __sync_fetch_and_add(value, 1) + 1;
}

// Returns element 5 of the array of the tenant, or -1 where one is missing.
SEC("socket")
int fifth(void *ctx)
{
    __u32 which = tenant, five = 5;

    void *inner = bpf_map_lookup_elem(&sized, &which);
    if (!inner)
        return -1;
    __u32 *value = bpf_map_lookup_elem(inner, &five);
    return value ? *value : -1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
