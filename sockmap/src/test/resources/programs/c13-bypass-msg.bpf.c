// SPDX-License-Identifier: Apache-2.0
//
// C13, second of two objects that share four maps pinned by name: redirects between paired sockets, and lets the bytes
// go the ordinary way where there is no pair.

#include "c13-bypass.h"

SEC("sk_msg")
int bypass(struct sk_msg_md *msg)
{
    struct tuple own;

    if (msg->family != AF_INET)
        return SK_PASS;
    own.local.ip4 = msg->local_ip4;
    own.local.port = msg->local_port;
    own.remote.ip4 = msg->remote_ip4;
    own.remote.port = bpf_ntohl(msg->remote_port);

    struct tuple *peer = bpf_map_lookup_elem(&pairs, &own);
    if (!peer) {
        count(NO_PAIR);
        return SK_PASS;
    }

    struct tuple key = *peer;
    if (bpf_msg_redirect_hash(msg, &sockets, &key, BPF_F_INGRESS) == SK_PASS)
        count(REDIRECTED);
    else
        count(NO_SOCKET);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
