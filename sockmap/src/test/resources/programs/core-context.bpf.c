// SPDX-License-Identifier: Apache-2.0
//
// CO-RE: the programs' own ideas of the contexts, with fewer fields in another order and of other sizes, so that every
// access is wrong until it is relocated.

#include <linux/types.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define CORE __attribute__((preserve_access_index))

enum {
    BPF_MAP_TYPE_SOCKMAP = 15,
};

enum sk_action {
    SK_PASS = 100,
};

struct bpf_sock {
    __u64 state; /* 4 bytes there */
    __u32 type;
} CORE;

struct sk_msg_md {
    __u32 size;
    struct bpf_sock *sk;
    __u32 local_port;
    void *data_end;
    __u32 family;
    void *data;
} CORE;

struct sk_msg_md___later {
    __u32 hop_count;
} CORE;

struct __sk_buff {
    __u32 local_port;
    __u32 len;
} CORE;

struct bpf_sock_ops {
    __u32 local_port;
    __u32 reply;
    __u32 op;
} CORE;

struct task_struct {
    int pid;
} CORE;

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

__u32 size, port, family, first, state, exists;

// Leaves what it sees in the globals, and in exists: sk_msg_md.size 1, sk_msg_md.hop_count 2, struct bpf_sock 4, SK_PASS
// 8, struct task_struct 16.
SEC("sk_msg")
int message(struct sk_msg_md *msg)
{
    struct sk_msg_md___later *later = (void *)msg;
    unsigned char *data = msg->data;
    struct bpf_sock *sk = msg->sk;

    size = msg->size;
    port = msg->local_port;
    family = msg->family;
    if (data + 1 <= (unsigned char *)msg->data_end)
        first = *data;
    if (sk)
        state = sk->state;
    exists = (bpf_core_field_exists(msg->size) ? 1 : 0) | (bpf_core_field_exists(later->hop_count) ? 2 : 0) |
             (bpf_core_type_exists(struct bpf_sock) ? 4 : 0) |
             (bpf_core_enum_value_exists(enum sk_action, SK_PASS) ? 8 : 0) |
             (bpf_core_type_exists(struct task_struct) ? 16 : 0);
    if (bpf_core_field_exists(later->hop_count))
        return later->hop_count;
    return bpf_core_enum_value(enum sk_action, SK_PASS);
}

// size and port as they are seen.
SEC("sk_skb/stream_verdict")
int buffer(struct __sk_buff *skb)
{
    size = skb->len;
    port = skb->local_port;
    return bpf_core_enum_value(enum sk_action, SK_PASS);
}

// port, and in size the callback's number where a connection to a server is established (4).
SEC("sockops")
int callback(struct bpf_sock_ops *ops)
{
    if (ops->op == 4) {
        port = ops->local_port;
        size = ops->op;
    }
    ops->reply = -1;
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
