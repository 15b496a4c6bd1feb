// SPDX-License-Identifier: Apache-2.0
//
// C04, the classic echo: sections of no standard name, a legacy map and no license. Types and attach types have to be
// given by the loader. The socket in slot 0 gets back what it sent.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
    unsigned int type;
    unsigned int key_size;
    unsigned int value_size;
    unsigned int max_entries;
    unsigned int map_flags;
};

struct bpf_map_def SEC("maps") sock_map = {
    .type = BPF_MAP_TYPE_SOCKMAP,
    .key_size = sizeof(int),
    .value_size = sizeof(int),
    .max_entries = 2,
};

SEC("prog_parser")
int parse(struct __sk_buff *skb)
{
    return skb->len;
}

SEC("prog_verdict")
int echo(struct __sk_buff *skb)
{
    return bpf_sk_redirect_map(skb, &sock_map, 0, 0);
}
