// SPDX-License-Identifier: Apache-2.0
//
// Verdicts that find sockets: by their ends, and in a map of sockets. What they find is written down; all pass.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

// Whom to look for.
struct bpf_sock_tuple tuple;
__u32 tuple_size;
__u64 netns = BPF_F_CURRENT_NETNS;
__u64 lookup_flags;

// What was found: 0 nothing, 1 a socket.
__u32 found;
__u32 family, type, protocol, state, src_port, src_ip4, dst_ip4;
__u16 dst_port;
__u32 uid;

// Whether the socket that was found is the buffer's own.
__u32 own;

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __uint(key_size, 4);
    __uint(value_size, 4);
} slots SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 4);
    __type(key, __u64);
    __type(value, __u64);
} table SEC(".maps");

static __always_inline void note(struct bpf_sock *sk)
{
    found = 1;
    family = sk->family;
    type = sk->type;
    protocol = sk->protocol;
    state = sk->state;
    src_port = sk->src_port;
    dst_port = sk->dst_port;
    src_ip4 = sk->src_ip4;
    dst_ip4 = sk->dst_ip4;
}

// One program for each helper: the kernel wants each instruction to see one kind of pointer only.
#define BY_ENDS(name, lookup)                                                                                              \
    SEC("sk_skb/stream_verdict")                                                                                           \
    int name(struct __sk_buff *skb)                                                                                        \
    {                                                                                                                      \
        __u32 size = tuple_size;                                                                                           \
        struct bpf_sock *sk;                                                                                               \
                                                                                                                           \
        if (size > sizeof(tuple))                                                                                          \
            return SK_PASS;                                                                                                \
        uid = bpf_get_socket_uid(skb);                                                                                     \
        sk = lookup(skb, &tuple, size, netns, lookup_flags);                                                               \
        if (!sk)                                                                                                           \
            return SK_PASS;                                                                                                \
        found = 1;                                                                                                         \
        family = sk->family;                                                                                               \
        state = sk->state;                                                                                                 \
        src_port = sk->src_port;                                                                                           \
        dst_port = sk->dst_port;                                                                                           \
        bpf_sk_release(sk);                                                                                                \
        return SK_PASS;                                                                                                    \
    }

BY_ENDS(find_tcp, bpf_sk_lookup_tcp)
BY_ENDS(find_any_tcp, bpf_skc_lookup_tcp)
BY_ENDS(find_udp, bpf_sk_lookup_udp)

SEC("sk_skb/stream_verdict")
int in_slots(struct __sk_buff *skb)
{
    __u32 one = 1;
    struct bpf_sock *sk = bpf_map_lookup_elem(&slots, &one);

    if (!sk)
        return SK_PASS;
    note(sk);
    own = sk == skb->sk;
    bpf_sk_release(sk);
    return SK_PASS;
}

SEC("sk_skb/stream_verdict")
int in_table(struct __sk_buff *skb)
{
    __u64 key = bpf_get_socket_cookie(skb);
    struct bpf_sock *sk = bpf_map_lookup_elem(&table, &key);

    if (!sk)
        return SK_PASS;
    note(sk);
    bpf_sk_release(sk);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
