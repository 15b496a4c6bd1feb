// SPDX-License-Identifier: Apache-2.0
//
// port-policy: a socket may send only to the remote ports of a list. Any other send fails with EACCES.
//
// Maps:
//   sockets         the sockets to watch, each in a slot of its own
//   allowed_ports   the list: a port number is allowed if it is a key here, whatever the value
//
// Programs:
//   port_policy     message verdict of `sockets`

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 65536);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, __u32);
} allowed_ports SEC(".maps");

SEC("sk_msg")
int port_policy(struct sk_msg_md *msg)
{
    // The context has the port as a 32-bit number in network byte order.
    __u32 port = bpf_ntohl(msg->remote_port);

    if (bpf_map_lookup_elem(&allowed_ports, &port))
        return SK_PASS;
    return SK_DROP;
}

char _license[] SEC("license") = "Apache-2.0";
