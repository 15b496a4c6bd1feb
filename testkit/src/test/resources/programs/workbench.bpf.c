// SPDX-License-Identifier: Apache-2.0
//
// Does a bit of everything that can be looked at: verdicts, redirects, counts, events, prints, timers.
//
//   established   sockops: every accepted socket goes into `sockets` under its cookie
//   send          message verdict: by the first byte of what is sent
//                   '>'  to the application of the socket at `route` of its port
//                   '!'  dropped
//                   '?'  apply 2, cork 3
//                   '+'  two zeros are put in front, and the verdict is pass
//                   else passed
//   receive       stream verdict: passed where the first byte can be read and is no '!'

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct event {
    __u32 port;
    __u32 size;
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 64);
    __type(key, __u64);
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, __u64);
} route SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, __u32);
    __type(value, struct event);
} last SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 4096);
} events SEC(".maps");

int seen;
const volatile int limit = 100;

SEC("sockops")
int established(struct bpf_sock_ops *ops)
{
    __u64 cookie = bpf_get_socket_cookie(ops);

    if (ops->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
        bpf_sock_hash_update(ops, &sockets, &cookie, BPF_ANY);
    return 1;
}

static __noinline int first_byte(struct sk_msg_md *msg)
{
    char *data;

    if (bpf_msg_pull_data(msg, 0, 1, 0))
        return -1;
    data = msg->data;
    if (data + 1 > (char *)msg->data_end)
        return -1;
    return data[0];
}

SEC("sk_msg")
int send(struct sk_msg_md *msg)
{
    struct event event = {.port = bpf_ntohl(msg->remote_port), .size = msg->size};
    __u32 port = event.port, outcome = 1;
    __u64 *count;

    seen++;
    bpf_map_update_elem(&last, &port, &event, BPF_ANY);
    switch (first_byte(msg)) {
    case '!':
        bpf_printk("dropped %d bytes", msg->size);
        outcome = 0;
        break;
    case '?':
        bpf_msg_apply_bytes(msg, 2);
        bpf_msg_cork_bytes(msg, 3);
        break;
    case '+':
        if (bpf_msg_push_data(msg, 0, 2, 0))
            outcome = 0;
        break;
    case '>':
        bpf_ringbuf_output(&events, &event, sizeof(event), 0);
        if (bpf_msg_redirect_hash(msg, &route, &port, BPF_F_INGRESS) != SK_PASS)
            outcome = 0;
        break;
    }
    count = bpf_map_lookup_elem(&counts, &outcome);
    if (count)
        *count += 1;
    return outcome;
}

SEC("sk_skb/stream_verdict")
int receive(struct __sk_buff *skb)
{
    char first;

    if (bpf_skb_load_bytes(skb, 0, &first, 1))
        return SK_DROP;
    if (skb->len > limit)
        return SK_DROP;
    return first == '!' ? SK_DROP : SK_PASS;
}

char _license[] SEC("license") = "GPL";
