// SPDX-License-Identifier: Apache-2.0
//
// sni: walks a TLS ClientHello to the server name (RFC 6066), by pointers into the packet, and hashes it in lower case.
// Returns 31 bits of the hash, or 0 without a name.

#include "packet.h"

#define NAME_MAX 64
#define EXTENSIONS_MAX 16

// A record is type (1), version (2), length (2) and data; a handshake message in it type (1), length (3) and data.
#define HANDSHAKE 22
#define CLIENT_HELLO 1
#define RECORD 5
#define MESSAGE 4
#define VERSION_AND_RANDOM 34
#define SESSION_MAX 32
#define OFFSET_MAX 0x7fff
#define SERVER_NAME 0

// Steps over `size` bytes; what would lie behind all packets leads to an offset that none has.
#define STEP(off, size)                                                                           \
    ({                                                                                            \
        __u32 next = (off) + (size);                                                              \
        next > OFFSET_MAX ? OFFSET_MAX : next;                                                    \
    })

// FNV-1a.
static __always_inline __u32 hash(const unsigned char *name, __u32 length, const unsigned char *end)
{
    __u32 hash = 0x811c9dc5;

    for (__u32 i = 0; i < NAME_MAX && i < length; i++) {
        unsigned char c;

        if (name + i + 1 > end)
            return 0;
        c = name[i];
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        hash = (hash ^ c) * 0x01000193;
    }
    return hash >> 1;
}

static __always_inline __u32 half(const unsigned char *at)
{
    return at[0] << 8 | at[1];
}

SEC("tc")
int sni(struct __sk_buff *skb)
{
    unsigned char *data = PACKET(skb), *end = PACKET_END(skb), *at;
    __u32 off = RECORD + MESSAGE + VERSION_AND_RANDOM;

    if (data + RECORD + MESSAGE + VERSION_AND_RANDOM + 1 > end)
        return 0;
    if (data[0] != HANDSHAKE || data[RECORD] != CLIENT_HELLO || data[off] > SESSION_MAX)
        return 0;
    off += 1 + data[off];
    at = data + off;
    if (at + 2 > end)
        return 0;
    off = STEP(off, 2 + half(at)); // cipher suites
    at = data + off;
    if (at + 1 > end)
        return 0;
    off = STEP(off, 1 + at[0] + 2); // compression methods, length of all extensions
    for (int i = 0; i < EXTENSIONS_MAX; i++) {
        at = data + off;
        if (at + 9 > end)
            return 0;
        if (half(at) == SERVER_NAME) // type, length; length of the list; type and length of the name
            return at[6] == 0 ? hash(at + 9, half(at + 7), end) : 0;
        off = STEP(off, 4 + half(at + 2));
    }
    return 0;
}

char _license[] SEC("license") = "Apache-2.0";
