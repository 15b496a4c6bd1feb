// SPDX-License-Identifier: Apache-2.0
//
// Functions that the linker sees differently. Those that are seen outside of their file are verified once, by their
// prototypes; the others again for each call: what is static, hidden or internal.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

__attribute__((noinline)) int seen(int x)
{
    asm volatile("" : "+r"(x));
    return x + 1;
}

__attribute__((noinline)) __weak int weak(int x)
{
    asm volatile("" : "+r"(x));
    return x + 2;
}

__attribute__((noinline)) __attribute__((visibility("hidden"))) int hidden(int x)
{
    asm volatile("" : "+r"(x));
    return x + 4;
}

__attribute__((noinline)) __attribute__((visibility("hidden"))) __weak int hidden_weak(int x)
{
    asm volatile("" : "+r"(x));
    return x + 8;
}

__attribute__((noinline)) __attribute__((visibility("internal"))) int internal(int x)
{
    asm volatile("" : "+r"(x));
    return x + 16;
}

static __attribute__((noinline)) int closed(int x)
{
    asm volatile("" : "+r"(x));
    return x + 32;
}

SEC("socket")
int sum(void *ctx)
{
    return seen(1) + weak(1) + hidden(1) + hidden_weak(1) + internal(1) + closed(1);
}

char LICENSE[] SEC("license") = "GPL";
