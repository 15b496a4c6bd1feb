// SPDX-License-Identifier: Apache-2.0
//
// What a policy costs that lets everything pass: a verdict and an sk_msg program that look at nothing.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 65536);
    __type(key, __u64); // the socket's own cookie
    __type(value, __u64);
} sockets SEC(".maps");

SEC("sk_skb/verdict")
int receive(struct __sk_buff *skb)
{
    return SK_PASS;
}

SEC("sk_msg")
int transmit(struct sk_msg_md *msg)
{
    return SK_PASS;
}

SEC("sockops")
int store(struct bpf_sock_ops *ops)
{
    __u64 cookie;

    if (ops->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB && ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
        return 1;
    cookie = bpf_get_socket_cookie(ops);
    bpf_sock_hash_update(ops, &sockets, &cookie, BPF_ANY);
    return 1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
