// SPDX-License-Identifier: Apache-2.0
//
// Makes programs for tc out of those of the examples, whose sources are included behind it. What tc has not is replaced, all
// else stays:
//
//   maps of sockets            hashes
//   bpf_sk_redirect_hash       a lookup in such a hash: SK_PASS if the key is there
//   bpf_get_socket_cookie      a number
//   the remote port            the length of the packet

#include "packet.h"

#define COOKIE 1

#define BPF_MAP_TYPE_SOCKHASH BPF_MAP_TYPE_HASH
#define BPF_MAP_TYPE_SOCKMAP BPF_MAP_TYPE_ARRAY
#define bpf_sk_redirect_hash(skb, map, key, flags) (bpf_map_lookup_elem(map, key) ? SK_PASS : SK_DROP)
#define bpf_get_socket_cookie(skb)                                                                \
    ({                                                                                            \
        __u64 cookie = COOKIE;                                                                    \
        barrier_var(cookie);                                                                      \
        cookie;                                                                                   \
    })
#define sk_msg_md __sk_buff
#define remote_port len
