// SPDX-License-Identifier: Apache-2.0
//
// C40: what the three contexts say about one connection, word by word as it was read.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct seen {
    __u32 family;
    __u32 local_port;
    __u32 remote_port;
    __u32 local_ip4;
    __u32 remote_ip4;
    __u32 local_ip6[4];
    __u32 remote_ip6[4];
};

enum {
    BY_MSG = 0,
    BY_SKB = 1,
    BY_ACTIVE = 2,
    BY_PASSIVE = 3,
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, struct seen);
} seen SEC(".maps");

// A socket map for the programs to sit on.
struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

// Volatile: the compiler must not join two words into one read.
#define WORD(field) (*(volatile __u32 *)&(field))

#define RECORD(slot, ctx)                                                                                             \
    do {                                                                                                              \
        __u32 index = (slot);                                                                                         \
        struct seen *seen_by = bpf_map_lookup_elem(&seen, &index);                                                    \
        if (!seen_by)                                                                                                 \
            break;                                                                                                    \
        seen_by->family = WORD((ctx)->family);                                                                        \
        seen_by->local_port = WORD((ctx)->local_port);                                                                \
        seen_by->remote_port = WORD((ctx)->remote_port);                                                              \
        seen_by->local_ip4 = WORD((ctx)->local_ip4);                                                                  \
        seen_by->remote_ip4 = WORD((ctx)->remote_ip4);                                                                \
        seen_by->local_ip6[0] = WORD((ctx)->local_ip6[0]);                                                            \
        seen_by->local_ip6[1] = WORD((ctx)->local_ip6[1]);                                                            \
        seen_by->local_ip6[2] = WORD((ctx)->local_ip6[2]);                                                            \
        seen_by->local_ip6[3] = WORD((ctx)->local_ip6[3]);                                                            \
        seen_by->remote_ip6[0] = WORD((ctx)->remote_ip6[0]);                                                          \
        seen_by->remote_ip6[1] = WORD((ctx)->remote_ip6[1]);                                                          \
        seen_by->remote_ip6[2] = WORD((ctx)->remote_ip6[2]);                                                          \
        seen_by->remote_ip6[3] = WORD((ctx)->remote_ip6[3]);                                                          \
    } while (0)

SEC("sk_msg")
int see_msg(struct sk_msg_md *msg)
{
    RECORD(BY_MSG, msg);
    return SK_PASS;
}

SEC("sk_skb/stream_verdict")
int see_skb(struct __sk_buff *skb)
{
    RECORD(BY_SKB, skb);
    return SK_PASS;
}

SEC("sockops")
int see_ops(struct bpf_sock_ops *ctx)
{
    if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
        RECORD(BY_ACTIVE, ctx);
    else if (ctx->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
        RECORD(BY_PASSIVE, ctx);
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
