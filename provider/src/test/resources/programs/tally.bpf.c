// SPDX-License-Identifier: Apache-2.0
//
// A policy that lets everything pass and counts it: bytes that sockets receive and that they send. A message that begins with
// "drop" is dropped; what a socket stored in `relays` under the receiver's cookie is to have, is sent by that socket or, with
// `to_application` set, read by its application. With `shouts` set, letters at the beginning of a received message become capitals.
// With `forwarding` set, what any socket sends goes out, unseen, at the one stored in `relays` under 0.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MOST 16

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 65536);
    __type(key, __u64); // the socket's own cookie
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 1024);
    __type(key, __u64); // the receiver's cookie
    __type(value, __u64);
} relays SEC(".maps");

__u64 received; // bytes
__u64 sent;     // bytes
__u32 relaying;
__u32 to_application;
__u32 shouts;
__u32 forwarding;

static __always_inline int is_drop(char *data, char *end)
{
    return data + 4 <= end && data[0] == 'd' && data[1] == 'r' && data[2] == 'o' && data[3] == 'p';
}

SEC("sk_skb/verdict")
int receive(struct __sk_buff *skb)
{
    __u64 cookie = bpf_get_socket_cookie(skb);
    __u32 wanted = skb->len < MOST ? skb->len : MOST;

    __sync_fetch_and_add(&received, skb->len);
    if (relaying && bpf_sk_redirect_hash(skb, &relays, &cookie, to_application ? BPF_F_INGRESS : 0) == SK_PASS)
        return SK_PASS;
    if (bpf_skb_pull_data(skb, wanted) < 0)
        return SK_DROP;

    char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;
    if (is_drop(data, end))
        return SK_DROP;
    if (!shouts)
        return SK_PASS;
    for (int i = 0; i < MOST; i++) {
        if (data + i + 1 > end)
            break;
        if (data[i] >= 'a' && data[i] <= 'z')
            data[i] -= 'a' - 'A';
    }
    return SK_PASS;
}

SEC("sk_msg")
int transmit(struct sk_msg_md *msg)
{
    __u64 zero = 0;

    __sync_fetch_and_add(&sent, msg->size);
    if (forwarding)
        return bpf_msg_redirect_hash(msg, &relays, &zero, 0);
    return is_drop(msg->data, msg->data_end) ? SK_DROP : SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
