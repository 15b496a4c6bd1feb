// SPDX-License-Identifier: Apache-2.0
//
// tuple: finds a TCP connection over IPv4 in a table, by its addresses and ports out of a packet with Ethernet header, and
// counts the packet there. Returns which of 16 queues the connection belongs to, by a hash; 100 for one that is not in the
// table, 101 for what is no TCP.
//
// Maps:
//   connections   packets seen, by the addresses and ports

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/tcp.h>

#include "packet.h"

#define QUEUES 16
#define UNKNOWN 100
#define OTHER 101

struct tuple {
    __u32 from, to; // addresses and ports as in the packet
    __u16 from_port, to_port;
    __u32 protocol;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, struct tuple);
    __type(value, __u64);
} connections SEC(".maps");

static __always_inline __u32 rotate(__u32 word, int bits)
{
    return word << bits | word >> (32 - bits);
}

// Every bit of the tuple changes about half of the bits of the result.
static __always_inline __u32 hash(const struct tuple *tuple)
{
    const __u32 words[] = {tuple->from, tuple->to, (__u32)tuple->from_port << 16 | tuple->to_port, tuple->protocol};
    __u32 a = 0x9e3779b9, b = sizeof(*tuple);

#pragma unroll
    for (int i = 0; i < 4; i++) {
        a = rotate(a ^ words[i] * 0xcc9e2d51, 13) * 5 + 0xe6546b64;
        b = rotate(b + a, 7 + 3 * i) ^ words[i];
        a += b ^ b >> 15;
    }
    a = (a ^ a >> 16) * 0x85ebca6b;
    a = (a ^ a >> 13) * 0xc2b2ae35;
    return a ^ a >> 16;
}

SEC("tc")
int tuple(struct __sk_buff *skb)
{
    unsigned char *end = PACKET_END(skb);
    struct ethhdr *ethernet = (void *)PACKET(skb);
    struct iphdr *ip = (void *)(ethernet + 1);
    struct tuple key = {};
    struct tcphdr *tcp;
    __u64 *packets;

    if ((unsigned char *)(ip + 1) > end || ethernet->h_proto != bpf_htons(ETH_P_IP))
        return OTHER;
    if (ip->version != 4 || ip->ihl < 5 || ip->protocol != IPPROTO_TCP)
        return OTHER;
    tcp = (void *)ip + ip->ihl * 4;
    if ((unsigned char *)(tcp + 1) > end)
        return OTHER;
    key.from = ip->saddr;
    key.to = ip->daddr;
    key.from_port = tcp->source;
    key.to_port = tcp->dest;
    key.protocol = IPPROTO_TCP;
    packets = bpf_map_lookup_elem(&connections, &key);
    if (!packets)
        return UNKNOWN;
    __sync_fetch_and_add(packets, 1);
    return hash(&key) % QUEUES;
}

char _license[] SEC("license") = "Apache-2.0";
