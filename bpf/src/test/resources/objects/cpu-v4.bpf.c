// SPDX-License-Identifier: Apache-2.0
// build: -mcpu=v4
//
// The fourth instruction set: signed division and remainder, sign-extending moves and loads, unconditional byte
// swaps, stores of immediates, and the long jump.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct numbers {
    __s64 a;
    __s64 b;
    __s64 quotient64;
    __s64 remainder64;
    __s32 quotient32;
    __s32 remainder32;
    __s64 from8;
    __s64 from16;
    __s64 from32;
    __u64 swap16;
    __u64 swap32;
    __u64 swap64;
    __s32 narrow8;
    __s32 narrow16;
    __s8 byte;
    __u8 pad;
    __s16 half;
    __s32 word;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct numbers);
} numbers SEC(".maps");

// Keeps the compiler from looking through a value.
#define OPAQUE(x) asm volatile("" : "+r"(x))

// Fills the results from a and b: quotients and remainders of 64 and of the low 32 bits; returns 0.
SEC("socket")
int divide(void *ctx)
{
    __u32 zero = 0;
    struct numbers *n = bpf_map_lookup_elem(&numbers, &zero);

    if (!n)
        return -1;
    __s64 a = n->a, b = n->b;
    n->quotient64 = a / b;
    n->quotient32 = (__s32)a / (__s32)b;
    OPAQUE(a);
    OPAQUE(b);
    n->remainder64 = a % b;
    n->remainder32 = (__s32)a % (__s32)b;
    return 0;
}

// From a: its low 8, 16 and 32 bits sign-extended to 64 (from*) and to 32 bits (narrow*), its low 16 and 32 and all
// its 64 bits swapped (swap*); returns 0.
SEC("socket")
int extend(void *ctx)
{
    __u32 zero = 0;
    struct numbers *n = bpf_map_lookup_elem(&numbers, &zero);

    if (!n)
        return -1;
    __s64 a = n->a;
    __s32 low = a;
    OPAQUE(a);
    n->from8 = (__s8)a;
    n->from16 = (__s16)a;
    n->from32 = (__s32)a;
    n->swap16 = __builtin_bswap16((__u16)a);
    n->swap32 = __builtin_bswap32((__u32)a);
    n->swap64 = __builtin_bswap64(a);
    n->narrow8 = (__s8)low;
    n->narrow16 = (__s16)low;
    return 0;
}

// Signed loads: from8 = byte, from16 = half, from32 = word; returns 0.
SEC("socket")
int loads(void *ctx)
{
    __u32 zero = 0;
    struct numbers *n = bpf_map_lookup_elem(&numbers, &zero);

    if (!n)
        return -1;
    n->from8 = n->byte;
    n->from16 = n->half;
    n->from32 = n->word;
    return 0;
}

// Immediates of each width: byte = -1, half = -2, word = -3, a = -4; then a long jump over a store of a = 99.
// Returns 7.
SEC("socket")
int stores(void *ctx)
{
    __u32 zero = 0;
    struct numbers *n = bpf_map_lookup_elem(&numbers, &zero);
    int result = 7;

    if (!n)
        return -1;
    n->byte = -1;
    n->half = -2;
    n->word = -3;
    n->a = -4;
    asm volatile goto("if %[n] == 0 goto +1\n\t"
                      "gotol %l[skip]\n\t"
                      "*(u64 *)(%[n] + 0) = 99"
                      :
                      : [n] "r"(n)
                      : "memory"
                      : skip);
    result = 8;
skip:
    return result;
}

char LICENSE[] SEC("license") = "Apache-2.0";
