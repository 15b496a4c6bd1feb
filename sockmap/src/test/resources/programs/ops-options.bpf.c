// SPDX-License-Identifier: Apache-2.0
//
// Sets an option of a socket, and reads one, when a connection that was asked for is there and, to see the refusal, when
// a request comes in.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MOST 16

// What to set: nothing if set_length is 0.
__u32 set_level, set_name, set_length;
char set_value[MOST];

// What to read.
__u32 get_level, get_name, get_length;
char got[MOST];

// What the helpers answered; 1 for not called.
long set_answer = 1;
long get_answer = 1;

// The first fields of struct bpf_tcp_sock, and whether there was one.
__u32 has_tcp, snd_cwnd;
__u64 received;
__u64 netns;

// The three helpers for header options.
long load_answer = 1, load_syn_answer = 1, load_nop_answer = 1, store_answer = 1, reserve_answer = 1;

static __always_inline void options(struct bpf_sock_ops *ctx)
{
    __u32 size = set_length;

    // The barriers keep clang from one comparison for both, of which Linux 6.12 learns nothing about the size.
    if (size > MOST)
        return;
    barrier_var(size);
    if (size)
        set_answer = bpf_setsockopt(ctx, set_level, set_name, set_value, size);
    size = get_length;
    if (size > MOST)
        return;
    barrier_var(size);
    if (size)
        get_answer = bpf_getsockopt(ctx, get_level, get_name, got, size);
}

static __always_inline void headers(struct bpf_sock_ops *ctx)
{
    unsigned char option[4] = {2, 0, 0, 0};

    load_answer = bpf_load_hdr_opt(ctx, option, sizeof(option), 0);
    load_syn_answer = bpf_load_hdr_opt(ctx, option, sizeof(option), BPF_LOAD_HDR_OPT_TCP_SYN);
    option[0] = 1;
    load_nop_answer = bpf_load_hdr_opt(ctx, option, sizeof(option), 0);
    store_answer = bpf_store_hdr_opt(ctx, option, sizeof(option), 0);
    reserve_answer = bpf_reserve_hdr_opt(ctx, 4, 0);
}

static __always_inline void tcp(struct bpf_sock_ops *ctx)
{
    struct bpf_sock *sk = ctx->sk;
    struct bpf_tcp_sock *tp;

    if (!sk)
        return;
    tp = bpf_tcp_sock(sk);
    if (!tp)
        return;
    has_tcp = 1;
    snd_cwnd = tp->snd_cwnd;
    received = tp->bytes_received;
}

SEC("sockops")
int configure(struct bpf_sock_ops *ctx)
{
    switch (ctx->op) {
    case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
        options(ctx);
        headers(ctx);
        netns = bpf_get_netns_cookie(ctx);
        bpf_sock_ops_cb_flags_set(ctx, BPF_SOCK_OPS_STATE_CB_FLAG);
        break;
    case BPF_SOCK_OPS_STATE_CB:
        tcp(ctx);
        break;
    case BPF_SOCK_OPS_RWND_INIT:
        if (!ctx->is_fullsock)
            options(ctx);
        break;
    }
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
