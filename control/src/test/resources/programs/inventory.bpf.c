// SPDX-License-Identifier: Apache-2.0
//
// A little of everything that can be asked for: programs of each kind, maps of many kinds, values of many types, data.

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum level { LOW, HIGH = 7 };

struct flow {
    __u32 address;
    __u16 port;
    __u16 unused;
};

struct facts {
    char name[8];
    enum level level;
    bool trusted;
    __s8 balance;
    __u16 first : 3;
    __u16 second : 13;
    union {
        __u64 whole;
        __u32 halves[2];
    };
    struct flow flow;
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 16);
    __type(key, struct flow);
    __type(value, __u32);
} flows SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, struct flow);
    __type(value, struct facts);
} known SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __uint(key_size, 4);
    __uint(value_size, 3);
} plain SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} counters SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 2);
    __uint(key_size, 4);
    __uint(value_size, 4);
} jumps SEC(".maps");

struct inner {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} first SEC(".maps"), second SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
    __uint(max_entries, 2);
    __uint(key_size, 4);
    __array(values, struct inner);
} outer SEC(".maps") = {.values = {&first}};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} records SEC(".maps");

__u64 seen = 5;
const volatile enum level wanted = HIGH;

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    return skb->len;
}

SEC("sk_skb/stream_verdict")
int verdict(struct __sk_buff *skb)
{
    __u32 key = 0;

    seen += wanted;
    bpf_tail_call(skb, &jumps, 0);
    return bpf_sk_redirect_map(skb, &sockets, key, 0);
}

SEC("sk_msg")
int guard(struct sk_msg_md *msg)
{
    struct flow key = {};

    return bpf_map_lookup_elem(&known, &key) ? SK_PASS : SK_DROP;
}

SEC("sockops")
int watch(struct bpf_sock_ops *ops)
{
    return 1;
}

char _license[] SEC("license") = "GPL";
