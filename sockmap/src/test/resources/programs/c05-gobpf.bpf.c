// SPDX-License-Identifier: Apache-2.0
//
// C05, the gobpf convention as a working echo: the sections say which map the programs belong to. The map's section
// says "sockmap", its C name is sock_map; its definition is gobpf's, 280 bytes long.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct bpf_map_def {
    unsigned int type;
    unsigned int key_size;
    unsigned int value_size;
    unsigned int max_entries;
    unsigned int map_flags;
    unsigned int pinning;
    char namespace[256];
};

struct bpf_map_def SEC("maps/sockmap") sock_map = {
    .type = BPF_MAP_TYPE_SOCKMAP,
    .key_size = sizeof(int),
    .value_size = sizeof(unsigned int),
    .max_entries = 2,
    .pinning = 0,
    .namespace = "",
};

SEC("sk/skb/parser/sockmap")
int parse(struct __sk_buff *skb)
{
    return skb->len;
}

SEC("sk/skb/verdict/sockmap")
int echo(struct __sk_buff *skb)
{
    return bpf_sk_redirect_map(skb, &sock_map, 0, 0);
}

char LICENSE[] SEC("license") = "Apache-2.0";
unsigned int VERSION SEC("version") = 0xFFFFFFFE;
