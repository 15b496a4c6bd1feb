// SPDX-License-Identifier: Apache-2.0
//
// http: rules on the first line of an HTTP/1.x request, by pointers into the packet. The first rule whose method is that of
// the request, and whose path is the start of the request's, counts; without one a request is denied.
//
// Returns 0 (denied), 1 (allowed), or 2 and more: the number of a server.

#include "packet.h"

#define METHOD_MAX 8
#define PATH_MAX 32

struct rule {
    char method[METHOD_MAX]; // with the space behind it; empty stands for all
    char path[PATH_MAX];
    int verdict;
};

enum { DENY, ALLOW, GUARD, STATIC };

static __always_inline int starts_with(const unsigned char *text, const unsigned char *end, const char *word, int max)
{
#pragma unroll
    for (int i = 0; i < max; i++) {
        if (word[i] == 0)
            return 1;
        if (text + i + 1 > end || text[i] != word[i])
            return 0;
    }
    return 1;
}

// The place behind the first space, or 0 if there is none soon.
static __always_inline int path_start(const unsigned char *text, const unsigned char *end)
{
    for (int i = 0; i < METHOD_MAX; i++) {
        if (text + i + 1 > end)
            return 0;
        if (text[i] == ' ')
            return i + 1;
    }
    return 0;
}

#define RULE(m, p, v)                                                                             \
    do {                                                                                          \
        static const struct rule rule = {m, p, v};                                                \
        if (starts_with(line, end, rule.method, METHOD_MAX) && starts_with(path, end, rule.path, PATH_MAX)) \
            return rule.verdict;                                                                  \
    } while (0)

SEC("tc")
int http(struct __sk_buff *skb)
{
    const unsigned char *line = PACKET(skb), *end = PACKET_END(skb), *path;
    int start = path_start(line, end);

    if (start == 0)
        return DENY;
    path = line + start;
    RULE("TRACE ", "", DENY);
    RULE("CONNECT ", "", DENY);
    RULE("DELETE ", "/api/v1/users/", GUARD);
    RULE("DELETE ", "", DENY);
    RULE("", "/admin", GUARD);
    RULE("GET ", "/static/", STATIC);
    RULE("GET ", "/api/v1/health", ALLOW);
    RULE("POST ", "/api/v1/login", GUARD);
    RULE("POST ", "/api/v1/orders", ALLOW);
    RULE("GET ", "/api/v1/orders", ALLOW);
    return DENY;
}

char _license[] SEC("license") = "Apache-2.0";
