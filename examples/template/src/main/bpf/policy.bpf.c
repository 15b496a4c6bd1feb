// SPDX-License-Identifier: Apache-2.0
//
// A policy for a protocol of lines, such as that of a cache: FLUSHALL is dropped, all other commands pass.
//
// Maps:
//   clients    the clients' sockets, under their cookies
//   commands   how many were dropped (0) and passed (1)
//
// Programs:
//   parse      stream parser of `clients`: one message is one line
//   judge      stream verdict of `clients`

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#define LONGEST_LINE 512
#define DENIED "FLUSHALL"

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 65536);
    __type(key, __u64);
    __type(value, __u64);
} clients SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} commands SEC(".maps");

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    char c;
    int i;

    for (i = 0; i < LONGEST_LINE; i++) {
        if (bpf_skb_load_bytes(skb, i, &c, 1))
            return 0; // the line has not come to its end yet
        if (c == '\n')
            return i + 1;
    }
    return -EMSGSIZE;
}

static int settle(__u32 verdict)
{
    __u64 *count = bpf_map_lookup_elem(&commands, &verdict);

    if (count)
        __sync_fetch_and_add(count, 1);
    return verdict;
}

SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
    char command[sizeof(DENIED) - 1];

    // A line that is shorter can't be the command; bytes are copied, for none can be read directly before it is pulled.
    if (bpf_skb_load_bytes(skb, 0, command, sizeof(command)))
        return settle(SK_PASS);
    if (!__builtin_memcmp(command, DENIED, sizeof(command)))
        return settle(SK_DROP);
    return settle(SK_PASS);
}

char _license[] SEC("license") = "Apache-2.0";
