// SPDX-License-Identifier: Apache-2.0
//
// Types whose values are printed and read: everything that BTF describes. Its program does nothing.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

enum level { LOW, HIGH = 7, BELOW = -1 };
enum wide { NARROW = 1, WIDEST = 0xffffffffffffffff };

struct flags {
    unsigned int low : 3;
    int delta : 5;
    enum level level : 4;
    bool on : 1;
    unsigned int : 3;
    unsigned long long across : 62;
} __attribute__((packed));

struct everything {
    bool on;
    enum level level;
    enum wide wide;
    signed char tiny;
    unsigned short port;
    long delta;
    unsigned long mask;
    char name[12];
    int table[2][2];
    float part;
    double ratio;
    void *where;
    struct flags flags;
    union {
        unsigned int address;
        unsigned char octets[4];
    };
    struct {
        const volatile unsigned int inner;
        __int128 huge;
    };
    struct {
    } empty;
};

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, enum level);
    __type(value, struct everything);
} values SEC(".maps");

bool enabled;
enum level wanted = HIGH;
double share = 0.5;

SEC("sk_msg")
int nothing(struct sk_msg_md *msg)
{
    return enabled && wanted == LOW ? SK_DROP : SK_PASS;
}

char _license[] SEC("license") = "GPL";
