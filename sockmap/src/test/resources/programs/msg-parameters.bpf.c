// SPDX-License-Identifier: Apache-2.0
//
// All that can be done to a message, by numbers that a test writes; 0 leaves a helper out, but for the starts. A push or pop that
// fails drops. The programs differ in what they do at the end.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum {
    APPLY,
    CORK,
    PULL_START,
    PULL_END,
    PUSH_START,
    PUSH_BYTES,
    POP_START,
    POP_BYTES,
    FLAGS,
    PARAMETERS,
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, PARAMETERS);
    __type(key, __u32);
    __type(value, __u32);
} parameters SEC(".maps");

static __u32 parameter(__u32 index)
{
    __u32 *value = bpf_map_lookup_elem(&parameters, &index);

    return value ? *value : 0;
}

static int change(struct sk_msg_md *msg)
{
    __u32 bytes;

    bytes = parameter(APPLY);
    if (bytes)
        bpf_msg_apply_bytes(msg, bytes);
    bytes = parameter(CORK);
    if (bytes)
        bpf_msg_cork_bytes(msg, bytes);
    bytes = parameter(PULL_END);
    if (bytes)
        bpf_msg_pull_data(msg, parameter(PULL_START), bytes, 0);
    bytes = parameter(PUSH_BYTES);
    if (bytes && bpf_msg_push_data(msg, parameter(PUSH_START), bytes, 0))
        return SK_DROP;
    bytes = parameter(POP_BYTES);
    if (bytes && bpf_msg_pop_data(msg, parameter(POP_START), bytes, 0))
        return SK_DROP;
    return SK_PASS;
}

SEC("sk_msg")
int pass(struct sk_msg_md *msg)
{
    return change(msg);
}

SEC("sk_msg")
int redirect(struct sk_msg_md *msg)
{
    if (change(msg) != SK_PASS)
        return SK_DROP;
    return bpf_msg_redirect_map(msg, &targets, 0, parameter(FLAGS));
}

SEC("sk_msg")
int drop(struct sk_msg_md *msg)
{
    change(msg);
    return SK_DROP;
}

char LICENSE[] SEC("license") = "Apache-2.0";
