// SPDX-License-Identifier: Apache-2.0
//
// C13: the four maps that c13-bypass-ops and c13-bypass-msg share, pinned by name, and their keys.

#ifndef C13_BYPASS_H
#define C13_BYPASS_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define TCP_CLOSE 7

struct endpoint {
    __u32 ip4;  // network order
    __u32 port; // host order
};

struct tuple {
    struct endpoint local;
    struct endpoint remote;
};

enum counter {
    REDIRECTED = 0,
    NO_PAIR = 1,   // passed: the pair is not known
    NO_SOCKET = 2, // passed: the pair is known, but its socket is not in the map
    CLOSED = 3,    // state callbacks to CLOSE
};

// A connecting socket's local endpoint, to the remote one it asked for.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __uint(pinning, LIBBPF_PIN_BY_NAME);
    __type(key, struct endpoint);
    __type(value, struct endpoint);
} connecting SEC(".maps");

// A socket's tuple, to its peer's.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 2048);
    __uint(pinning, LIBBPF_PIN_BY_NAME);
    __type(key, struct tuple);
    __type(value, struct tuple);
} pairs SEC(".maps");

// Sockets by their own tuple.
struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 2048);
    __uint(key_size, sizeof(struct tuple));
    __uint(value_size, sizeof(__u32));
    __uint(pinning, LIBBPF_PIN_BY_NAME);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 4);
    __uint(pinning, LIBBPF_PIN_BY_NAME);
    __type(key, __u32);
    __type(value, __u64);
} counters SEC(".maps");

static __always_inline void count(__u32 counter)
{
    __u64 *value = bpf_map_lookup_elem(&counters, &counter);

    if (value)
        __sync_fetch_and_add(value, 1);
}

#endif
