// SPDX-License-Identifier: Apache-2.0
//
// A sk_msg program in the company that field objects keep it in: tracing, cgroup and syscall programs that are not
// for us, and an optional program ("?" before the section's name: not loaded unless asked for).

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} peers SEC(".maps");

__u64 connects;

SEC("fexit/x")
int on_exit(void *ctx)
{
    return 0;
}

SEC("cgroup/connect4")
int connect(struct bpf_sock_addr *ctx)
{
    __sync_fetch_and_add(&connects, 1);
    return 1;
}

SEC("sk_msg")
int redirect(struct sk_msg_md *msg)
{
    __u32 key = msg->local_port;

    return bpf_msg_redirect_hash(msg, &peers, &key, BPF_F_INGRESS);
}

SEC("syscall")
int call(void *ctx)
{
    return 0;
}

SEC("?sk_msg/optional")
int optional(struct sk_msg_md *msg)
{
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
