// SPDX-License-Identifier: Apache-2.0
//
// sni-router: chooses a server by the name in a TLS client's first message (server name indication, RFC 6066), without
// decrypting anything. No name, an unknown one or no TLS at all: server 0.
//
// Maps:
//   clients    the client's socket, under its cookie
//   servers    the servers of a client, under its cookie and a number
//   names      the table: a name in lower case, padded with zeros, and the number of its server
//   chosen     what the program remembers: the server of each client, by cookie
//
// Programs:
//   parse      stream parser of `clients`: the first message is the record with the ClientHello, whole
//   choose     stream verdict of `clients`

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define NAME_MAX 64       // bytes of a name, one zero at least included
#define EXTENSIONS_MAX 64 // extensions looked at

// TLS: a record is type (1), version (2), length (2) and data; a handshake message in it type (1), length (3) and data.
#define HANDSHAKE 22
#define RECORD_MAX 16384
#define HELLO 5 // where the ClientHello starts
#define CLIENT_HELLO 1
#define SERVER_NAME 0
#define HOST_NAME 0

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
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, char[NAME_MAX]);
    __type(value, __u32);
} names SEC(".maps");

// Nothing tells a program that a connection has ended, so entries are not removed: new ones push out those that have been
// silent longest. Twice as many as there can be clients.
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 131072);
    __type(key, __u64);
    __type(value, __u32);
} chosen SEC(".maps");

// The functions without `static` are checked by the verifier on their own, once, instead of once per call.

// The big-endian number of `size` bytes at off, or -1 where the buffer ends before it.
__noinline int number(struct __sk_buff *skb, __u32 off, __u32 size)
{
    unsigned char byte;
    int i, value = 0;

    for (i = 0; i < 3 && i < size; i++) {
        if (bpf_skb_load_bytes(skb, off + i, &byte, 1))
            return -1;
        value = value << 8 | byte;
    }
    return value;
}

// Looks up the server by the data of a server_name extension: length of the list, then type, length and name of its first
// entry.
__noinline int named_server(struct __sk_buff *skb, __u32 off, int size)
{
    char name[NAME_MAX] = {};
    int list = number(skb, off, 2), length = number(skb, off + 3, 2), i;
    __u32 *server;

    if (number(skb, off + 2, 1) != HOST_NAME || list + 2 != size || length + 3 > list)
        return 0;
    if (length < 1 || length >= NAME_MAX || bpf_skb_load_bytes(skb, off + 5, name, length))
        return 0;
    for (i = 0; i < NAME_MAX - 1 && name[i] != 0; i++)
        if (name[i] >= 'A' && name[i] <= 'Z')
            name[i] += 'a' - 'A';
    if (i != length) // a zero inside would look like padding
        return 0;
    server = bpf_map_lookup_elem(&names, name);
    return server ? *server : 0;
}

// Walks the ClientHello to the server_name extension. No length can be trusted: one that is too large moves `off` to where
// the next comparison with `end` fails, or where there is nothing to read.
static __noinline int hello_server(struct __sk_buff *skb)
{
    int off = HELLO + 4, end, n, type, i;

    end = off + number(skb, HELLO + 1, 3);
    // A ClientHello that goes on in a second record is not followed.
    if (number(skb, 0, 1) != HANDSHAKE || number(skb, HELLO, 1) != CLIENT_HELLO || end > HELLO + number(skb, 3, 2))
        return 0;
    off += 2 + 32; // version, random
    n = number(skb, off, 1);
    if (n < 0 || n > 32)
        return 0;
    off += 1 + n; // session id
    n = number(skb, off, 2);
    off += 2 + n; // cipher suites
    n = number(skb, off, 1);
    off += 1 + n; // compression methods
    n = number(skb, off, 2);
    off += 2;
    if (n < 0 || off + n != end) // the extensions are the rest
        return 0;
    for (i = 0; i < EXTENSIONS_MAX; i++) {
        type = number(skb, off, 2);
        n = number(skb, off + 2, 2);
        off += 4;
        if (n < 0 || off + n > end)
            return 0;
        if (type == SERVER_NAME)
            return named_server(skb, off, n);
        off += n;
    }
    return 0;
}

SEC("sk_skb/stream_parser")
int parse(struct __sk_buff *skb)
{
    __u64 cookie = bpf_get_socket_cookie(skb);
    int type = number(skb, 0, 1), version = number(skb, 1, 1), length = number(skb, 3, 2);

    // What follows the choice needs no framing, and what is not TLS has none.
    if (bpf_map_lookup_elem(&chosen, &cookie) || type != HANDSHAKE)
        return skb->len;
    if ((version >= 0 && version != 3) || length > RECORD_MAX)
        return skb->len;
    if (length < 0 || skb->len < HELLO + length)
        return 0; // more to come
    return HELLO + length;
}

SEC("sk_skb/stream_verdict")
int choose(struct __sk_buff *skb)
{
    struct route to = {.client = bpf_get_socket_cookie(skb)};
    __u32 *known = bpf_map_lookup_elem(&chosen, &to.client);

    if (known) {
        to.choice = *known;
    } else {
        to.choice = hello_server(skb);
        // A connection whose server is not remembered could change it half way: better drop its start.
        if (bpf_map_update_elem(&chosen, &to.client, &to.choice, BPF_ANY))
            return SK_DROP;
    }
    return bpf_sk_redirect_hash(skb, &servers, &to, 0);
}

char _license[] SEC("license") = "Apache-2.0";
