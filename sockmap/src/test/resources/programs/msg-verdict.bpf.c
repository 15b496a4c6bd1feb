// SPDX-License-Identifier: Apache-2.0
//
// The first byte of a message decides: P pass, D drop, R redirect to the egress of targets[0], I to its ingress queue,
// H to the egress of the socket under key 0 of hash_targets, J to its ingress queue. Any other byte drops.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} hash_targets SEC(".maps");

SEC("sk_msg")
int judge(struct sk_msg_md *msg)
{
    __u32 zero = 0;
    char *first = msg->data;

    if ((void *)(first + 1) > msg->data_end) {
        if (bpf_msg_pull_data(msg, 0, 1, 0) < 0)
            return SK_DROP;
        first = msg->data;
        if ((void *)(first + 1) > msg->data_end)
            return SK_DROP;
    }
    switch (*first) {
    case 'P':
        return SK_PASS;
    case 'R':
        return bpf_msg_redirect_map(msg, &targets, 0, 0);
    case 'I':
        return bpf_msg_redirect_map(msg, &targets, 0, BPF_F_INGRESS);
    case 'H':
        return bpf_msg_redirect_hash(msg, &hash_targets, &zero, 0);
    case 'J':
        return bpf_msg_redirect_hash(msg, &hash_targets, &zero, BPF_F_INGRESS);
    default:
        return SK_DROP;
    }
}

char LICENSE[] SEC("license") = "Apache-2.0";
