// SPDX-License-Identifier: Apache-2.0
//
// A redirect is chosen, and then the message is dropped all the same.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

SEC("sk_msg")
int route(struct sk_msg_md *msg)
{
    bpf_msg_redirect_map(msg, &targets, 0, 0); // lint: redirect-ignored
    return SK_DROP; // lint: verdict-never-pass
}

char LICENSE[] SEC("license") = "Apache-2.0";
