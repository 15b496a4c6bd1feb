// SPDX-License-Identifier: Apache-2.0
//
// Global data: .rodata, .data, .bss, two custom sections and the string section the compiler makes. Static variables
// are reached through the section's symbol, the others through their own.

#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

const volatile __u32 limit = 7;
const char greeting[] = "hello, sockmap";

int counter = 5;
static volatile int hidden = 6;
__u64 hits;
static volatile __u32 quiet;
int custom SEC(".data.custom") = 11;
const volatile __u64 fixed SEC(".rodata.custom") = 0x1122334455667788ull;

// Where the results go, for a test to read.
char first_letter;
__u32 fixed_high;
__s64 compared = 99;

// hits += 1 (atomic), quiet += 2, counter += 1, hidden += 10, custom += 100. Returns limit + counter + hidden +
// custom after that: 7 + 6 + 16 + 111 = 140 in the first run, 111 more in each that follows, until hits passes limit;
// from then on (run 8) it returns -1 and only hits and quiet change.
SEC("socket")
int touch(void *ctx)
{
    __sync_fetch_and_add(&hits, 1);
    quiet += 2;
    if (hits > limit)
        return -1;
    counter += 1;
    hidden += 10;
    custom += 100;
    return limit + counter + hidden + custom;
}

// first_letter = 'h', fixed_high = 0x11223344, compared = 0 as greeting begins like the literal; returns
// greeting[quiet], or 0 where quiet lies outside it.
SEC("socket")
int read(void *ctx)
{
    __u32 at = quiet;

    first_letter = *(volatile const char *)greeting;
    fixed_high = fixed >> 32;
    compared = bpf_strncmp(greeting, sizeof(greeting) - 1, "hello, sockmaps");
    if (at >= sizeof(greeting))
        return 0;
    return *(volatile const char *)&greeting[at];
}

char LICENSE[] SEC("license") = "Apache-2.0";
