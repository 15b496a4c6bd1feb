// SPDX-License-Identifier: Apache-2.0
//
// Messages with a length in front (two bytes, big-endian, counting the whole message), each judged once, however it is cut into
// sends: the verdict is for exactly its length. The byte behind the length decides: P pass, D drop, R to the egress of targets[0], I
// to its ingress queue. Sends too short to tell are held.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define HEAD 3

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

// Messages that were judged.
__u64 judged = 0;

SEC("sk_msg")
int judge(struct sk_msg_md *msg)
{
    if (msg->size < HEAD) {
        bpf_msg_cork_bytes(msg, HEAD);
        return SK_PASS;
    }
    if (bpf_msg_pull_data(msg, 0, HEAD, 0))
        return SK_DROP;
    __u8 *data = msg->data;
    if (data + HEAD > (__u8 *)msg->data_end)
        return SK_DROP;
    __u8 kind = data[2];
    bpf_msg_apply_bytes(msg, data[0] << 8 | data[1]);
    bpf_msg_cork_bytes(msg, 0);
    judged++;
    switch (kind) {
    case 'P':
        return SK_PASS;
    case 'R':
        return bpf_msg_redirect_map(msg, &targets, 0, 0);
    case 'I':
        return bpf_msg_redirect_map(msg, &targets, 0, BPF_F_INGRESS);
    default:
        return SK_DROP;
    }
}

char LICENSE[] SEC("license") = "Apache-2.0";
