// SPDX-License-Identifier: Apache-2.0
//
// M8: maps of sockets inside of maps of maps. The byte that is received first says where the target is: A in the SOCKMAP
// that the array has, H in the SOCKHASH that the hash has, both under 0; without one, drop.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct by_index {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} by_index SEC(".maps");

struct by_key {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} by_key SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct by_index);
} array SEC(".maps") = {
    .values = { [0] = &by_index },
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
    __uint(max_entries, 1);
    __type(key, __u32);
    __array(values, struct by_key);
} hash SEC(".maps") = {
    .values = { [0] = &by_key },
};

SEC("sk_skb/stream_verdict")
int route(struct __sk_buff *skb)
{
    __u32 zero = 0;
    char first;

    if (bpf_skb_load_bytes(skb, 0, &first, 1) < 0)
        return SK_DROP;
    if (first == 'A') {
        void *sockets = bpf_map_lookup_elem(&array, &zero);
        return sockets ? bpf_sk_redirect_map(skb, sockets, 0, 0) : SK_DROP;
    }
    void *sockets = bpf_map_lookup_elem(&hash, &zero);
    return sockets ? bpf_sk_redirect_hash(skb, sockets, &zero, 0) : SK_DROP;
}

char LICENSE[] SEC("license") = "Apache-2.0";
