// SPDX-License-Identifier: Apache-2.0
//
// A policy that leaves its version in all that it judges, to be replaced by another version under traffic.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

const volatile __u8 version = '1';

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 1024);
    __type(key, __u64);
    __type(value, __u64);
} peers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 256);
    __type(key, __u32);
    __type(value, __u64);
} runs SEC(".maps");

static void count(void)
{
    __u32 own = version;
    __u64 *value = bpf_map_lookup_elem(&runs, &own);
    if (value) __sync_fetch_and_add(value, 1);
}

// The first byte of a frame is its length.
SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    __u8 length;
    if (bpf_skb_load_bytes(skb, 0, &length, sizeof(length))) return 0;
    return length;
}

// The version goes into the second byte and into the last one.
SEC("sk_skb/stream_verdict")
int verdict(struct __sk_buff *skb)
{
    __u8 own = version;
    __u64 cookie = bpf_get_socket_cookie(skb);
    count();
    if (bpf_skb_store_bytes(skb, 1, &own, sizeof(own), 0)) return SK_DROP;
    if (bpf_skb_store_bytes(skb, skb->len - 1, &own, sizeof(own), 0)) return SK_DROP;
    long redirected = bpf_sk_redirect_hash(skb, &peers, &cookie, 0);
    return redirected == SK_PASS ? SK_PASS : SK_DROP;
}

// 'A', n: a verdict for n bytes. 'C', n: to be judged when n bytes are there. The version goes into the first byte.
SEC("sk_msg")
int msg(struct sk_msg_md *msg)
{
    if (bpf_msg_pull_data(msg, 0, 2, 0)) return SK_PASS;
    __u8 *data = msg->data, *end = msg->data_end;
    if (data + 2 > end) return SK_PASS;
    if (data[0] == 'C' && msg->size < data[1]) {
        bpf_msg_cork_bytes(msg, data[1]);
        return SK_PASS;
    }
    if (data[0] == 'A') bpf_msg_apply_bytes(msg, data[1]);
    count();
    data[0] = version;
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
