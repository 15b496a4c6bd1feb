// SPDX-License-Identifier: Apache-2.0
//
// What a ".maps" section can say: key and value as types or as sizes, flags, pinning, a PROG_ARRAY and an
// ARRAY_OF_MAPS with initial values, inner definitions without one, and maps no program uses.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct flow {
    __u32 address;
    __u16 port;
    __u16 zone;
};

struct totals {
    __u64 packets;
    __u64 bytes;
};

int on_first(void *ctx);
int on_second(void *ctx);

// Key and value by type.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct flow);
    __type(value, struct totals);
} flows SEC(".maps");

// Key and value by size.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 4);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, 24);
} sized SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 256);
    __type(key, __u64);
    __type(value, __u32);
} recent SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} per_cpu SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __uint(pinning, LIBBPF_PIN_BY_NAME);
    __type(key, __u32);
    __type(value, __u64);
} pinned_counter SEC(".maps");

// Slots 0 and 2 filled with programs of this object, 1 and 3 empty.
struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 4);
    __uint(key_size, sizeof(__u32));
    __array(values, int(void *));
} jumps SEC(".maps") = {
    .values = {
        [0] = (void *)&on_first,
        [2] = (void *)&on_second,
    },
};

struct inner {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
};

struct inner inner_left SEC(".maps");
struct inner inner_right SEC(".maps");

// An outer map with initial values: slot 0 left, slot 2 right.
struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 3);
    __uint(key_size, sizeof(__u32));
    __array(values, struct inner);
} outer SEC(".maps") = {
    .values = {
        [0] = &inner_left,
        [2] = &inner_right,
    },
};

// An outer map whose inner definition has no name of its own, and no initial values.
struct {
    __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
    __uint(max_entries, 8);
    __type(key, __u64);
    __array(values, struct {
        __uint(type, BPF_MAP_TYPE_HASH);
        __uint(max_entries, 16);
        __type(key, __u32);
        __type(value, struct totals);
    });
} outer_hash SEC(".maps");

// No program uses the next two.
struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} events SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SK_STORAGE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, int);
    __type(value, struct totals);
} per_socket SEC(".maps");

SEC("socket")
int on_first(void *ctx)
{
    return 100;
}

SEC("socket")
int on_second(void *ctx)
{
    __u32 zero = 0;
    __u64 *pinned = bpf_map_lookup_elem(&pinned_counter, &zero);

    if (pinned)
        *pinned += 1;
    return 200;
}

// Tail-calls jumps[sized[0]]; where that slot is empty returns 300 + the u32 in the inner map at the same index of
// outer, or -1 without one.
SEC("socket")
int dispatch(void *ctx)
{
    struct flow flow = { .address = 1, .port = 2, .zone = 3 };
    __u32 zero = 0;
    __u64 cookie = 9;

    struct totals *totals = bpf_map_lookup_elem(&flows, &flow);
    if (totals) {
        totals->packets += 1;
    } else {
        struct totals first = { .packets = 1 };
        bpf_map_update_elem(&flows, &flow, &first, BPF_ANY);
    }
    bpf_map_update_elem(&recent, &cookie, &zero, BPF_ANY);
    __u64 *runs = bpf_map_lookup_elem(&per_cpu, &zero);
    if (runs)
        *runs += 1;
    void *nested = bpf_map_lookup_elem(&outer_hash, &cookie);
    if (nested)
        bpf_map_delete_elem(nested, &zero);

    __u32 *which = bpf_map_lookup_elem(&sized, &zero);
    if (!which)
        return -1;
    __u32 slot = *which;
    bpf_tail_call(ctx, &jumps, slot);

    void *inner = bpf_map_lookup_elem(&outer, &slot);
    if (!inner)
        return -1;
    __u32 *value = bpf_map_lookup_elem(inner, &zero);
    return value ? 300 + *value : -1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
