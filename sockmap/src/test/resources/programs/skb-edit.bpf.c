// SPDX-License-Identifier: Apache-2.0
//
// K2, K36..K43: a verdict that edits what it judges as the test says, and records what it saw before and behind it.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define ROOM 16

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

// What to do: L load_bytes, S store_bytes, P pull_data, T change_tail, H change_head, A adjust_room; 0 nothing.
__u32 edit_op;
// Its first argument behind the buffer, and the number of bytes to load or store.
__s64 argument;
__u32 count;
__u64 edit_flags;

// Where the message goes: P pass, D drop, R redirect to the egress of slot 0, I to its ingress queue.
__u32 verdict_is = 'P';

// The length of every message, for the parser; 0: all that is there.
__u32 frame;

__u32 runs;
__s64 result;
__u32 len_before, linear_before, len_after, linear_after;
// The first bytes after the edit, zeros where there are none, and the bytes that L loaded.
char first_bytes[ROOM], loaded[ROOM];
char stored[ROOM] = "****************";

static __always_inline __u32 linear(struct __sk_buff *skb)
{
    return (long)skb->data_end - (long)skb->data;
}

static __always_inline __s64 apply(struct __sk_buff *skb)
{
    __u32 size = count;

    switch (edit_op) {
    case 'L':
        if (size < 1 || size > ROOM)
            return -1;
        return bpf_skb_load_bytes(skb, argument, loaded, size);
    case 'S':
        if (size < 1 || size > ROOM)
            return -1;
        return bpf_skb_store_bytes(skb, argument, stored, size, edit_flags);
    case 'P':
        return bpf_skb_pull_data(skb, argument);
    case 'T':
        return bpf_skb_change_tail(skb, argument, edit_flags);
    case 'H':
        return bpf_skb_change_head(skb, argument, edit_flags);
    case 'A':
        return bpf_skb_adjust_room(skb, argument, count, edit_flags);
    default:
        return 0;
    }
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    return frame ? frame : skb->len;
}

SEC("sk_skb/stream_verdict")
int edit(struct __sk_buff *skb)
{
    __u32 verdict = verdict_is;

    len_before = skb->len;
    linear_before = linear(skb);
    result = apply(skb);
    len_after = skb->len;
    linear_after = linear(skb);
    for (int i = 0; i < ROOM; i++)
        bpf_skb_load_bytes(skb, i, first_bytes + i, 1);
    // Last: who waits for it may ask for something else from then on.
    runs++;

    switch (verdict) {
    case 'P':
        return SK_PASS;
    case 'R':
        return bpf_sk_redirect_map(skb, &targets, 0, 0);
    case 'I':
        return bpf_sk_redirect_map(skb, &targets, 0, BPF_F_INGRESS);
    default:
        return SK_DROP;
    }
}

char LICENSE[] SEC("license") = "Apache-2.0";
