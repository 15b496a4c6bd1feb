// SPDX-License-Identifier: Apache-2.0
//
// Every atomic operation of clang 19 in both widths: add, and, or, xor without and with fetch, exchange, compare and
// exchange. Each step writes into the map, so that a test compares words.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct words {
    __u64 value;
    __u64 add;
    __u64 and;
    __u64 or;
    __u64 xor;
    __u64 exchanged;
    __u64 compared_hit;
    __u64 compared_miss;
    __u64 subtracted;
};

struct halves {
    __u32 value;
    __u32 add;
    __u32 and;
    __u32 or;
    __u32 xor;
    __u32 exchanged;
    __u32 compared_hit;
    __u32 compared_miss;
    __u32 subtracted;
    __u32 guard;
};

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct words);
} words SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct halves);
} halves SEC(".maps");

#define PLAIN64(operator, address, operand)                                                                           \
    asm volatile("lock *(u64 *)(%0 + 0) " operator " %1" : : "r"(address), "r"(operand) : "memory")
#define PLAIN32(operator, address, operand)                                                                           \
    asm volatile("lock *(u32 *)(%0 + 0) " operator " %1" : : "r"(address), "w"(operand) : "memory")

// On value: += 10, &= 0xff0f, |= 0x30, ^= 0x1 without a result.
SEC("socket")
int plain64(void *ctx)
{
    __u32 zero = 0;
    struct words *w = bpf_map_lookup_elem(&words, &zero);

    if (!w)
        return -1;
    __sync_fetch_and_add(&w->value, 10);
    PLAIN64("&=", &w->value, 0xff0full);
    PLAIN64("|=", &w->value, 0x30ull);
    PLAIN64("^=", &w->value, 0x1ull);
    return 0;
}

SEC("socket")
int plain32(void *ctx)
{
    __u32 zero = 0;
    struct halves *h = bpf_map_lookup_elem(&halves, &zero);

    if (!h)
        return -1;
    __sync_fetch_and_add(&h->value, 10);
    PLAIN32("&=", &h->value, 0xff0fu);
    PLAIN32("|=", &h->value, 0x30u);
    PLAIN32("^=", &h->value, 0x1u);
    return 0;
}

// On value, in this order, keeping what was there before each step: add 3, and 0xfff, or 0x1000, xor 0x11, exchange
// with 77, compare 77 (a hit) and set 88, compare 77 (a miss) and set 99, subtract 8. Leaves value = 80.
SEC("socket")
int fetch64(void *ctx)
{
    __u32 zero = 0;
    struct words *w = bpf_map_lookup_elem(&words, &zero);

    if (!w)
        return -1;
    w->add = __sync_fetch_and_add(&w->value, 3);
    w->and = __sync_fetch_and_and(&w->value, 0xfff);
    w->or = __sync_fetch_and_or(&w->value, 0x1000);
    w->xor = __sync_fetch_and_xor(&w->value, 0x11);
    w->exchanged = __sync_lock_test_and_set(&w->value, 77);
    w->compared_hit = __sync_val_compare_and_swap(&w->value, 77, 88);
    w->compared_miss = __sync_val_compare_and_swap(&w->value, 77, 99);
    w->subtracted = __sync_fetch_and_sub(&w->value, 8);
    return 0;
}

// The same in 32 bits; guard, behind the last word, stays as it was.
SEC("socket")
int fetch32(void *ctx)
{
    __u32 zero = 0;
    struct halves *h = bpf_map_lookup_elem(&halves, &zero);

    if (!h)
        return -1;
    h->add = __sync_fetch_and_add(&h->value, 3);
    h->and = __sync_fetch_and_and(&h->value, 0xfff);
    h->or = __sync_fetch_and_or(&h->value, 0x1000);
    h->xor = __sync_fetch_and_xor(&h->value, 0x11);
    h->exchanged = __sync_lock_test_and_set(&h->value, 77);
    h->compared_hit = __sync_val_compare_and_swap(&h->value, 77, 88);
    h->compared_miss = __sync_val_compare_and_swap(&h->value, 77, 99);
    h->subtracted = __sync_fetch_and_sub(&h->value, 8);
    return 0;
}

char LICENSE[] SEC("license") = "Apache-2.0";
