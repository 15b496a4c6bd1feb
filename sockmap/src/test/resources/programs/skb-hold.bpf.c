// SPDX-License-Identifier: Apache-2.0
//
// K22: a target's message verdict that holds what is sent, and so what is redirected to it, until eight bytes are there.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define WANTED 8

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_msg")
int hold(struct sk_msg_md *msg)
{
    bpf_msg_cork_bytes(msg, WANTED);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
