// SPDX-License-Identifier: Apache-2.0
//
// The gobpf convention: one map definition per section "maps/NAME" (280 bytes, with pinning and a namespace), and
// program sections whose tail names the map to attach to. The C names differ from the names in the sections. There
// is a "version" section with gobpf's "ask the running kernel" value.

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
};

struct bpf_map_def SEC("maps/counts") count_map = {
    .type = BPF_MAP_TYPE_ARRAY,
    .key_size = sizeof(int),
    .value_size = sizeof(unsigned long long),
    .max_entries = 4,
    .pinning = 0,
    .namespace = "fixtures",
};

SEC("sk/skb/parser/sockmap")
int frame(struct __sk_buff *skb)
{
    int zero = 0;
    unsigned long long *count = bpf_map_lookup_elem(&count_map, &zero);

    if (count)
        __sync_fetch_and_add(count, 1);
    return skb->len;
}

SEC("sk/skb/verdict/sockmap")
int judge(struct __sk_buff *skb)
{
    return bpf_sk_redirect_map(skb, &sock_map, 0, 0);
}

char LICENSE[] SEC("license") = "Apache-2.0";
unsigned int VERSION SEC("version") = 0xFFFFFFFE;
