// SPDX-License-Identifier: Apache-2.0
//
// CO-RE: the program's own idea of struct sk_msg_md, with fewer fields in another order, so every access is wrong
// until it is relocated. Two flavours, and questions whose answer is no.

#include <linux/types.h>
#include <stdbool.h>

enum { SK_PASS = 1 };

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct sk_msg_md {
    __u32 size;
    __u32 local_port;
    __u32 remote_ip6[4];
    __u32 family;
    __u32 remote_port;
} __attribute__((preserve_access_index));

struct sk_msg_md___ports {
    __u32 local_port;
    __u32 no_such_port;
} __attribute__((preserve_access_index));

struct no_such_struct {
    int field;
} __attribute__((preserve_access_index));

__u32 size, family, local_port, remote_port, remote_ip6_3, flavoured_port;
__u32 offset_of_size, width_of_family;
_Bool has_size, has_no_such_port, has_sk_msg_md, has_no_such_struct;

// Fills the globals above from the context. offset_of_size 68, width_of_family 4, has_size and has_sk_msg_md true,
// the other two false.
SEC("sk_msg")
int fields(struct sk_msg_md *msg)
{
    struct sk_msg_md___ports *ports = (void *)msg;

    size = msg->size;
    family = msg->family;
    local_port = msg->local_port;
    remote_port = msg->remote_port;
    remote_ip6_3 = msg->remote_ip6[3];
    flavoured_port = ports->local_port;

    offset_of_size = __builtin_preserve_field_info(msg->size, BPF_FIELD_BYTE_OFFSET);
    width_of_family = bpf_core_field_size(msg->family);
    has_size = bpf_core_field_exists(msg->size);
    has_no_such_port = bpf_core_field_exists(ports->no_such_port);
    has_sk_msg_md = bpf_core_type_exists(struct sk_msg_md);
    has_no_such_struct = bpf_core_type_exists(struct no_such_struct);
    return SK_PASS;
}

// The field that is missing is guarded, so its access never runs: the loader must poison it, not refuse it.
SEC("sk_msg")
int guarded(struct sk_msg_md *msg)
{
    struct sk_msg_md___ports *ports = (void *)msg;

    if (bpf_core_field_exists(ports->no_such_port))
        return ports->no_such_port;
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
