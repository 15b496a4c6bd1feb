// SPDX-License-Identifier: Apache-2.0
//
// The same in the right order, however a compiler writes it.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} ports SEC(".maps");
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4);
    __type(key, __u16);
    __type(value, __u64);
} short_ports SEC(".maps");

SEC("sk_msg")
int remote(struct sk_msg_md *msg)
{
    return bpf_ntohl(msg->remote_port) == 443 ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int remote_constant_swapped(struct sk_msg_md *msg)
{
    return msg->remote_port == bpf_htonl(443) ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int remote_from(struct sk_msg_md *msg)
{
    return bpf_ntohl(msg->remote_port) < 1024 ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int remote_by_shift(struct sk_msg_md *msg)
{
    return msg->remote_port >> 16 == bpf_htons(443) ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int remote_by_half(struct sk_msg_md *msg)
{
    return bpf_ntohs(msg->remote_port >> 16) == 443 ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int remote_of_several(struct sk_msg_md *msg)
{
    switch (msg->remote_port) {
    case bpf_htonl(80):
    case bpf_htonl(81):
    case bpf_htonl(443):
    case bpf_htonl(8080):
    case bpf_htonl(8443):
        return SK_DROP;
    default:
        return SK_PASS;
    }
}

SEC("sk_msg")
int local(struct sk_msg_md *msg)
{
    return msg->local_port == 8080 ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int local_of_several(struct sk_msg_md *msg)
{
    switch (msg->local_port) {
    case 80:
    case 81:
    case 443:
    case 8080:
        return SK_DROP;
    default:
        return SK_PASS;
    }
}

SEC("sk_msg")
int both(struct sk_msg_md *msg)
{
    return msg->local_port == bpf_ntohl(msg->remote_port) ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int no_port_yet(struct sk_msg_md *msg)
{
    return msg->remote_port == 0 ? SK_DROP : SK_PASS;
}

struct __attribute__((packed)) odd {
    __u8 family;
    __u32 port;
};

// The compiler stores the number byte by byte, the lower ones too.
SEC("sk_msg")
int packed(struct sk_msg_md *msg)
{
    struct odd odd = {.family = msg->family, .port = msg->remote_port};
    char text[sizeof(odd)];

    __builtin_memcpy(text, &odd, sizeof(odd));
    return bpf_map_lookup_elem(&ports, text) ? SK_DROP : SK_PASS;
}

SEC("sk_msg")
int short_key(struct sk_msg_md *msg)
{
    __u16 port = bpf_ntohl(msg->remote_port);

    return bpf_map_lookup_elem(&short_ports, &port) ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
