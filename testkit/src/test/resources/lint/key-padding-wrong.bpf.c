// SPDX-License-Identifier: Apache-2.0
//
// Keys of which not all bytes are written.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct key {
    __u32 remote_ip4;
    __u16 port;
    __u8 protocol;
    // one byte of padding
};
struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 4);
    __type(key, struct key);
    __type(value, __u64);
} targets SEC(".maps");

SEC("sk_msg")
int by_fields(struct sk_msg_md *msg)
{
    struct key key;

    key.remote_ip4 = msg->remote_ip4;
    key.port = msg->local_port;
    key.protocol = 6;
    return bpf_msg_redirect_hash(msg, &targets, &key, 0); // lint: key-padding
}

SEC("sk_msg")
int on_some_path(struct sk_msg_md *msg)
{
    struct key key;
    __u8 *padding = (__u8 *)&key + 7;

    key.remote_ip4 = msg->remote_ip4;
    key.protocol = 6;
    *padding = 0;
    if (msg->size > 10)
        key.port = msg->local_port;
    barrier_var(padding);
    return bpf_msg_redirect_hash(msg, &targets, &key, 0); // lint: key-padding
}

char LICENSE[] SEC("license") = "Apache-2.0";
