// SPDX-License-Identifier: Apache-2.0
//
// http-policy: judges every HTTP/1.x request of a connection.
//
//   DELETE, TRACE, CONNECT     dropped
//   a path that starts /admin  sent to the guard server
//   all else                   passed: whoever reads the client's socket carries it to the first server
//
// Maps:
//   clients    the client's socket, under its cookie
//   servers    the servers of a client, under its cookie and a number: 1 is the guard
//   verdicts   requests dropped (0), passed (1) and redirected (2)
//
// Programs:
//   parse      stream parser of `clients`: one message is one request, head and body
//   judge      stream verdict of `clients`

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

#include "framing.h"

enum { DROPPED, PASSED, REDIRECTED, OUTCOMES };

struct route {
    __u64 client;
    __u32 choice;
    __u32 zero; // all bytes of a key count, padding too
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 65536);
    __type(key, __u64);
    __type(value, __u64);
} clients SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 131072);
    __type(key, struct route);
    __type(value, __u64);
} servers SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, OUTCOMES);
    __type(key, __u32);
    __type(value, __u64);
} verdicts SEC(".maps");

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    int line, n, field, length = OTHER_FIELD;
    __u32 off = 0;

    for (line = 0; line < LINES_MAX; line++, off += n) {
        n = line_length(skb, off);
        if (n <= 0)
            return n;
        if (line == 0) {
            if (request_line(skb, n))
                return -EBADMSG;
            continue;
        }
        if (n == 2) // the blank line
            return off + n + (length == OTHER_FIELD ? 0 : length);
        field = content_length(skb, off);
        if (field < 0)
            return field;
        if (field == OTHER_FIELD)
            continue;
        if (length != OTHER_FIELD)
            return -EBADMSG; // given twice
        length = field;
    }
    return -EMSGSIZE;
}

static __noinline int settle(__u32 outcome, int verdict)
{
    __u64 *count = bpf_map_lookup_elem(&verdicts, &outcome);

    if (count)
        __sync_fetch_and_add(count, 1);
    return verdict;
}

static __noinline int deny(void)
{
    return settle(DROPPED, SK_DROP);
}

static __noinline int allow(void)
{
    return settle(PASSED, SK_PASS);
}

// Sends the request to the guard server. Without one it is dropped.
static __noinline int guard(struct __sk_buff *skb)
{
    struct route to = {.client = bpf_get_socket_cookie(skb), .choice = 1};

    if (bpf_sk_redirect_hash(skb, &servers, &to, 0) == SK_PASS)
        return settle(REDIRECTED, SK_PASS);
    return deny();
}

// Keeps the outcomes of judge() apart. Without it clang folds those that are alike into one, and a trace could not tell
// which line decided.
#define OUTCOME(call) ({ int verdict = call; asm volatile("" : "+r"(verdict) : "i"(__LINE__)); verdict; })

SEC("sk_skb/stream_verdict")
int judge(struct __sk_buff *skb)
{
    char method[sizeof("CONNECT ") - 1], path[sizeof("/admin") - 1];

    look(skb, 0, method, sizeof(method));
    look(skb, method_length(skb) + 1, path, sizeof(path));

    if (STARTS_WITH(method, "DELETE "))
        return OUTCOME(deny());
    if (STARTS_WITH(method, "TRACE "))
        return OUTCOME(deny());
    if (STARTS_WITH(method, "CONNECT "))
        return OUTCOME(deny());
    if (STARTS_WITH(path, "/admin"))
        return OUTCOME(guard(skb));
    return OUTCOME(allow());
}

char _license[] SEC("license") = "Apache-2.0";
