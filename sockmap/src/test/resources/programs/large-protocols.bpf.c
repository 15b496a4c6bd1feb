// SPDX-License-Identifier: Apache-2.0
//
// As large as what is found in the field: routes what arrives by a name in it, whatever of three protocols it is. The first byte
// tells: TLS by the server name of its ClientHello, HTTP/1 by its Host, frames (0xF0, length in two bytes, a name that ends
// with a zero, data) by their own name. Names are folded to lower case and copied in unrolled loops into a per-CPU scratch
// value, and what can be checked by itself is a global function.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define NAME_MAX 64
#define HEAD_MAX 1024
#define METHOD_MAX 8
#define EXTENSIONS_MAX 24
#define LINES_MAX 24
#define RECORD_MAX 16384
#define HANDSHAKE 22
#define FRAME 0xF0
#define EPROTO 71

enum { TLS, HTTP, FRAMES, OTHER };

struct name {
    char text[NAME_MAX];
};

struct scratch {
    struct name name;
    __u8 head[HEAD_MAX];
    __u32 size;
    __u32 hash;
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

// Names, padded with zeros, and the slots of their servers.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 64);
    __type(key, struct name);
    __type(value, __u32);
} names SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct scratch);
} scratches SEC(".maps");

// What was seen, by protocol.
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} seen SEC(".maps");

// The hash of the last name that was found.
__u32 last_hash;

static __always_inline struct scratch *scratch(void)
{
    __u32 zero = 0;

    return bpf_map_lookup_elem(&scratches, &zero);
}

static __always_inline char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte;
}

// Copies what is there of a message, HEAD_MAX bytes at most.
static __noinline int load_head(struct __sk_buff *skb, struct scratch *to)
{
    __u32 size = skb->len;

    if (size > HEAD_MAX)
        size = HEAD_MAX;
    if (size == 0)
        return -1;
    to->size = size;
    return bpf_skb_load_bytes(skb, 0, to->head, size);
}

static __noinline int protocol_of(__u8 first)
{
    if (first == HANDSHAKE)
        return TLS;
    if (first == FRAME)
        return FRAMES;
    return first >= 'A' && first <= 'Z' ? HTTP : OTHER;
}

// A big-endian number of one to three bytes of the head, or -1.
__noinline int number(struct scratch *from, __u32 at, __u32 bytes)
{
    int value = 0;

    if (!from)
        return -1;
    for (__u32 i = 0; i < 3 && i < bytes; i++) {
        __u32 place = at + i;
        barrier_var(place);
        if (place >= from->size || place >= HEAD_MAX)
            return -1;
        value = value << 8 | from->head[place];
    }
    return value;
}

// Copies a name of the message, in lower case, by the packet itself. Its length, or -1.
static __noinline int copy_name(struct __sk_buff *skb, struct scratch *to, __u32 at, __u32 length)
{
    if (at >= HEAD_MAX || length == 0 || length >= NAME_MAX)
        return -1;
    char *data = (char *)(long)skb->data + at;
    char *end = (char *)(long)skb->data_end;

#pragma unroll
    for (int i = 0; i < NAME_MAX; i++) {
        if (i < length) {
            if (data + i + 1 > end)
                return -1;
            to->name.text[i] = lower(data[i]);
        } else {
            to->name.text[i] = 0;
        }
    }
    return length;
}

// Copies a name up to one of two bytes that end it. 0, or -1.
static __noinline int copy_until(struct scratch *to, __u32 at, char stop, char other)
{
    __u32 size = to->size;
    int ended = 0;

    if (at >= HEAD_MAX - NAME_MAX || size > HEAD_MAX)
        return -1;
    __u8 *from = to->head + at;
#pragma unroll
    for (int i = 0; i < NAME_MAX; i++) {
        if (!ended && at + i >= size)
            return -1;
        char byte = from[i];
        if (byte == stop || byte == other)
            ended = 1;
        to->name.text[i] = ended ? 0 : lower(byte);
    }
    return ended ? 0 : -1;
}

// FNV-1a of the whole name.
__noinline __u32 hash_of(struct name *name)
{
    __u32 hash = 2166136261u;

    if (!name)
        return 0;
#pragma unroll
    for (int i = 0; i < NAME_MAX; i++)
        hash = (hash ^ (__u8)name->text[i]) * 16777619u;
    return hash;
}

// Whether all bytes of a name can stand in one.
__noinline int is_valid(struct name *name)
{
    int ended = 0;

    if (!name)
        return 0;
#pragma unroll
    for (int i = 0; i < NAME_MAX; i++) {
        char byte = name->text[i];
        if (byte == 0)
            ended = 1;
        else if (ended || !((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.'))
            return 0;
    }
    return 1;
}

// The name of a ClientHello's server.
static __noinline int tls_name(struct __sk_buff *skb, struct scratch *s)
{
    __u32 at = 5 + 4 + 2 + 32;

    if (number(s, 5, 1) != 1)
        return -1;
    int size = number(s, at, 1); // the session's id
    if (size < 0 || size > 32)
        return -1;
    at += 1 + size;
    size = number(s, at, 2); // cipher suites
    if (size < 0 || size > HEAD_MAX)
        return -1;
    at += 2 + size;
    size = number(s, at, 1); // compression methods
    if (size < 0)
        return -1;
    at += 1 + size + 2;
    for (int i = 0; i < EXTENSIONS_MAX; i++) {
        int type = number(s, at, 2);
        size = number(s, at + 2, 2);
        if (type < 0 || size < 0 || size > HEAD_MAX || at > HEAD_MAX)
            return -1;
        if (type == 0) {
            if (number(s, at + 6, 1) != 0)
                return -1;
            return copy_name(skb, s, at + 9, number(s, at + 7, 2));
        }
        at += 4 + size;
    }
    return -1;
}

// Where the line behind that place begins, or -1.
__noinline int next_line(struct scratch *s, __u32 at)
{
    if (!s)
        return -1;
    for (__u32 i = 0; i < HEAD_MAX; i++) {
        __u32 place = at + i;
        barrier_var(place);
        if (place >= HEAD_MAX || place >= s->size)
            return -1;
        if (s->head[place] == '\n')
            return place + 1;
    }
    return -1;
}

// The value of the header line at that place if it has that name (lower case): where it begins, or -1.
static __noinline int value_of(struct scratch *s, __u32 at, const char *name, __u32 length)
{
    for (__u32 i = 0; i < 16; i++) {
        __u32 place = at + i;
        barrier_var(place);
        if (i == length) {
            if (place >= HEAD_MAX - 2 || s->head[place] != ':')
                return -1;
            return s->head[place + 1] == ' ' ? place + 2 : place + 1;
        }
        if (place >= HEAD_MAX || place >= s->size || lower(s->head[place]) != name[i])
            return -1;
    }
    return -1;
}

static const char host_name[16] = "host";
static const char length_name[16] = "content-length";

static __noinline int http_name(struct scratch *s)
{
    int at = 0;

    for (int i = 0; i < LINES_MAX; i++) {
        at = next_line(s, at);
        if (at < 0 || at >= HEAD_MAX || s->head[at] == '\r')
            return -1;
        int value = value_of(s, at, host_name, 4);
        if (value >= 0)
            return copy_until(s, value, '\r', ':');
    }
    return -1;
}

// A decimal number of up to nine digits, or -1; 0 if its end is still to come, and so is that of the head.
static __noinline int decimal(struct scratch *s, __u32 at)
{
    int value = 0;

#pragma unroll
    for (int i = 0; i < 10; i++) {
        __u32 place = at + i;
        barrier_var(place);
        if (place >= HEAD_MAX || place >= s->size)
            return 0;
        __u8 byte = s->head[place];
        if (byte == '\r')
            return i == 0 ? -1 : value;
        if (byte < '0' || byte > '9')
            return -1;
        value = value * 10 + byte - '0';
    }
    return -1;
}

// How long a request is with its body; 0 while its head is not complete.
static __noinline int http_length(struct __sk_buff *skb, struct scratch *s)
{
    int at = 0, body = 0;

    for (int i = 0; i < LINES_MAX; i++) {
        at = next_line(s, at);
        if (at < 0 || at >= HEAD_MAX)
            return s->size == HEAD_MAX ? skb->len : 0;
        if (s->head[at] == '\r')
            return at + 2 + body;
        int value = value_of(s, at, length_name, 14);
        if (value >= 0) {
            body = decimal(s, value);
            if (body < 0)
                return -EPROTO;
        }
    }
    return skb->len;
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    struct scratch *s = scratch();
    int length;

    if (!s || load_head(skb, s) < 0)
        return 0;
    switch (protocol_of(s->head[0])) {
    case TLS:
        length = number(s, 3, 2);
        if (length > RECORD_MAX)
            return -EPROTO;
        return length < 0 ? 0 : length + 5;
    case FRAMES:
        length = number(s, 1, 2);
        return length < 0 ? 0 : length < 4 ? -EPROTO : length;
    case HTTP:
        return http_length(skb, s);
    default:
        return skb->len;
    }
}

static __noinline int find_name(struct __sk_buff *skb, struct scratch *s, int protocol)
{
    switch (protocol) {
    case TLS:
        return tls_name(skb, s);
    case HTTP:
        return http_name(s);
    case FRAMES:
        return copy_until(s, 3, 0, 0);
    default:
        return -1;
    }
}

SEC("sk_skb/stream_verdict")
int route(struct __sk_buff *skb)
{
    struct scratch *s = scratch();

    if (!s || bpf_skb_pull_data(skb, skb->len < HEAD_MAX ? skb->len : HEAD_MAX) || load_head(skb, s) < 0)
        return SK_DROP;
    __u32 protocol = protocol_of(s->head[0]);
    __u64 *count = bpf_map_lookup_elem(&seen, &protocol);
    if (count)
        ++*count;
    if (find_name(skb, s, protocol) < 0 || !is_valid(&s->name))
        return SK_PASS;
    last_hash = hash_of(&s->name);
    __u32 *server = bpf_map_lookup_elem(&names, &s->name);
    if (!server)
        return SK_PASS;
    return bpf_sk_redirect_map(skb, &sockets, *server, 0);
}

char LICENSE[] SEC("license") = "Apache-2.0";
