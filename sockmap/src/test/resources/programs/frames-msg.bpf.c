// SPDX-License-Identifier: Apache-2.0
//
// Frames in what a socket sends, however the sends are cut: the first byte says what becomes of a frame, the second how
// long it is, both included. P pass, D drop, R redirect to the egress of targets[0], I to its ingress queue, G pass with
// two zeros more at the end, S pass with the last byte taken away; in small letters the same, but once the frame is
// complete (as far as the ring of a message takes it).

#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

#define HEADER 2
#define SMALL 0x20
#define GROWTH 2
#define LONGEST 250

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

// Writes the length of the first frame, which has changed; the verdict is for that many bytes.
static __always_inline int resize(struct sk_msg_md *msg, __u8 length)
{
    if (bpf_msg_pull_data(msg, 0, HEADER, 0) < 0)
        return SK_DROP;
    __u8 *data = msg->data;
    if ((void *)(data + HEADER) > msg->data_end)
        return SK_DROP;
    data[1] = length;
    bpf_msg_apply_bytes(msg, length);
    return SK_PASS;
}

SEC("sk_msg")
int judge(struct sk_msg_md *msg)
{
    if (msg->size < HEADER) {
        bpf_msg_apply_bytes(msg, 0);
        bpf_msg_cork_bytes(msg, HEADER);
        return SK_PASS;
    }
    if (bpf_msg_pull_data(msg, 0, HEADER, 0) < 0)
        return SK_DROP;
    __u8 *data = msg->data;
    if ((void *)(data + HEADER) > msg->data_end)
        return SK_DROP;
    __u8 verdict = data[0];
    __u8 length = data[1];
    if (length < HEADER)
        return SK_DROP;
    // Without a cork the verdict goes on over later sends; with one, should the ring be full before.
    bpf_msg_apply_bytes(msg, length);
    bool complete = msg->size >= length;
    bpf_msg_cork_bytes(msg, !complete && (verdict & SMALL) ? length : 0);
    switch (verdict & ~SMALL) {
    case 'P':
        return SK_PASS;
    case 'R':
        return bpf_msg_redirect_map(msg, &targets, 0, 0);
    case 'I':
        return bpf_msg_redirect_map(msg, &targets, 0, BPF_F_INGRESS);
    case 'G':
        if (!complete || length > LONGEST || bpf_msg_push_data(msg, length, GROWTH, 0) < 0)
            return SK_PASS;
        return resize(msg, length + GROWTH);
    case 'S':
        if (!complete || length <= HEADER || bpf_msg_pop_data(msg, length - 1, 1, 0) < 0)
            return SK_PASS;
        return resize(msg, length - 1);
    default:
        return SK_DROP;
    }
}

char LICENSE[] SEC("license") = "Apache-2.0";
