// SPDX-License-Identifier: Apache-2.0
//
// Functions in .text: static and global, nested, one of five arguments, one shared by two programs of the same
// section, and a callback whose address is taken for bpf_loop.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define NOINLINE __attribute__((noinline))

// Keeps the compiler from looking through a value.
#define OPAQUE(x) asm volatile("" : "+r"(x))

__u64 loop_sum;

static NOINLINE __u64 clamp(__u64 value, __u64 most)
{
    OPAQUE(value);
    OPAQUE(most);
    return value > most ? most : value;
}

static NOINLINE __u64 twice(__u64 value)
{
    OPAQUE(value);
    return clamp(value * 2, 1000);
}

// A global function of five arguments.
NOINLINE int weigh(int a, int b, int c, int d, int e)
{
    return a + 10 * b + 100 * c + 1000 * d + 10000 * e;
}

// A global function that calls static ones.
NOINLINE int score(int value)
{
    return (int)twice((__u32)value) + (int)clamp((__u32)value, 3);
}

// 54321 + score(7) = 54321 + 14 + 3 = 54338
SEC("socket")
int first(void *ctx)
{
    return weigh(1, 2, 3, 4, 5) + score(7);
}

// score(600) + twice(4) = 1000 + 3 + 8 = 1011
SEC("socket")
int second(void *ctx)
{
    return score(600) + (int)twice(4);
}

struct sum {
    __u64 total;
    __u32 stop;
};

static long add(__u32 index, void *data)
{
    struct sum *sum = data;

    if (index == sum->stop)
        return 1;
    sum->total += clamp(index, 4);
    return 0;
}

// Sums min(index, 4) over the indexes 0 to 9 by a callback that stops at 10: 0+1+2+3+4+4+4+4+4+4 = 30, left in
// loop_sum; bpf_loop counts the stopping round too: returns 11.
SEC("sk_msg")
int looping(struct sk_msg_md *msg)
{
    struct sum sum = { .total = 0, .stop = 10 };
    long rounds = bpf_loop(100, add, &sum, 0);

    loop_sum = sum.total;
    return rounds;
}

char LICENSE[] SEC("license") = "Apache-2.0";
