// SPDX-License-Identifier: Apache-2.0
//
// Puts the connection's local address in front of the first message it sends: a byte 1, the length of what follows (4 bytes,
// big-endian), the address and the port, then an end mark: 0xfe and a length of 0. 16 bytes for IPv4, 28 for IPv6.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define TYPE_ADDRESS 1
#define TYPE_END 0xfe
#define LENGTH_4 16
#define LENGTH_6 28

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

// Local ports of the connections that have sent their address.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, __u8);
} told SEC(".maps");

struct __attribute__((packed)) head {
    __u8 type;
    __u32 length;
};

struct __attribute__((packed)) origin_4 {
    struct head head;
    __u32 address;
    __u16 port;
    struct head end;
};

struct __attribute__((packed)) origin_6 {
    struct head head;
    __u32 address[4];
    __u16 port;
    struct head end;
};

static void frame(struct head *head, struct head *end, __u32 length)
{
    head->type = TYPE_ADDRESS;
    head->length = bpf_htonl(length);
    end->type = TYPE_END;
    end->length = 0;
}

static int tell_4(struct sk_msg_md *msg)
{
    if (bpf_msg_push_data(msg, 0, LENGTH_4, 0) || bpf_msg_pull_data(msg, 0, LENGTH_4, 0))
        return SK_DROP;
    struct origin_4 *origin = msg->data;
    if ((void *)(origin + 1) > msg->data_end)
        return SK_DROP;
    frame(&origin->head, &origin->end, sizeof(origin->address) + sizeof(origin->port));
    origin->address = msg->local_ip4;
    origin->port = bpf_htons(msg->local_port);
    return SK_PASS;
}

static int tell_6(struct sk_msg_md *msg)
{
    if (bpf_msg_push_data(msg, 0, LENGTH_6, 0) || bpf_msg_pull_data(msg, 0, LENGTH_6, 0))
        return SK_DROP;
    struct origin_6 *origin = msg->data;
    if ((void *)(origin + 1) > msg->data_end)
        return SK_DROP;
    frame(&origin->head, &origin->end, sizeof(origin->address) + sizeof(origin->port));
    origin->address[0] = msg->local_ip6[0];
    origin->address[1] = msg->local_ip6[1];
    origin->address[2] = msg->local_ip6[2];
    origin->address[3] = msg->local_ip6[3];
    origin->port = bpf_htons(msg->local_port);
    return SK_PASS;
}

SEC("sk_msg")
int tell(struct sk_msg_md *msg)
{
    __u32 port = msg->local_port;
    __u8 yes = 1;

    if (bpf_map_lookup_elem(&told, &port))
        return SK_PASS;
    bpf_map_update_elem(&told, &port, &yes, BPF_ANY);
    return msg->family == AF_INET ? tell_4(msg) : tell_6(msg);
}

char LICENSE[] SEC("license") = "Apache-2.0";
