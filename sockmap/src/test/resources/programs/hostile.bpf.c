// SPDX-License-Identifier: Apache-2.0
//
// One bad thing each, for a verifier to refuse: all but divide_by_zero and read_unset_stack, which are legal. Where they
// run unverified they must harm nothing but themselves.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 2);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

// Stays empty.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} nothing SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64);
} one SEC(".maps");

// Reads data[64] without having asked where data ends.
SEC("sk_skb/stream_verdict")
int read_past_end(struct __sk_buff *skb)
{
    volatile char *data = (char *)(long)skb->data;

    return data[64];
}

// Writes one byte behind the checked range.
SEC("sk_skb/stream_verdict")
int write_past_end(struct __sk_buff *skb)
{
    volatile char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;

    if (data + 1 > end)
        return SK_DROP;
    data[1] = 'x';
    return SK_PASS;
}

// Uses a packet pointer that a pull made invalid.
SEC("sk_skb/stream_verdict")
int read_stale_pointer(struct __sk_buff *skb)
{
    volatile char *data = (char *)(long)skb->data;
    char *end = (char *)(long)skb->data_end;

    if (data + 1 > end)
        return SK_DROP;
    bpf_skb_pull_data(skb, 0);
    return *data;
}

SEC("sk_skb/stream_verdict")
int write_context(struct __sk_buff *skb)
{
    skb->len = 1;
    return SK_PASS;
}

// Far behind the context's 192 bytes.
SEC("sk_skb/stream_verdict")
int read_past_context(struct __sk_buff *skb)
{
    return *(volatile __u32 *)((char *)skb + 4096);
}

// The lookup fails, and nobody asks.
SEC("sk_skb/stream_verdict")
int read_null(struct __sk_buff *skb)
{
    __u32 key = 0;
    volatile __u64 *value = bpf_map_lookup_elem(&nothing, &key);

    return *value;
}

// Eight bytes behind the value's eight.
SEC("sk_skb/stream_verdict")
int write_past_value(struct __sk_buff *skb)
{
    __u32 key = 0;
    volatile __u64 *value = bpf_map_lookup_elem(&one, &key);

    if (!value)
        return SK_DROP;
    value[1] = 1;
    return SK_PASS;
}

// Below the 512 bytes of the stack.
SEC("sk_skb/stream_verdict")
int read_below_stack(struct __sk_buff *skb)
{
    __u64 value;

    asm volatile("%0 = *(u64 *)(r10 - 520)" : "=r"(value));
    return value;
}

// Above the frame pointer.
SEC("sk_skb/stream_verdict")
int write_above_stack(struct __sk_buff *skb)
{
    asm volatile("*(u64 *)(r10 + 8) = %0" : : "r"(0x4141414141414141ull) : "memory");
    return SK_PASS;
}

// Never written before. Linux lets privileged programs do this since 6.3; what they read is unspecified.
SEC("sk_skb/stream_verdict")
int read_unset_stack(struct __sk_buff *skb)
{
    __u64 value;

    asm volatile("%0 = *(u64 *)(r10 - 256)" : "=r"(value));
    return value;
}

SEC("sk_skb/stream_verdict")
int read_unset_register(struct __sk_buff *skb)
{
    __u64 value;

    asm volatile("%0 = r9" : "=r"(value));
    return value;
}

// len is never that large: the loop has an exit that nobody takes.
SEC("sk_skb/stream_verdict")
int loop_endless(struct __sk_buff *skb)
{
    while (*(volatile __u32 *)&skb->len != 0xffffffff)
        ;
    return SK_PASS;
}

// Ends, after 2^40 rounds.
SEC("sk_skb/stream_verdict")
int loop_long(struct __sk_buff *skb)
{
    for (__u64 i = 0; i < 1ull << 40; i++)
        asm volatile("" : "+r"(i));
    return SK_PASS;
}

// Calls itself a thousand times; eight frames are allowed.
static __attribute__((noinline)) int deeper(__u64 depth)
{
    asm volatile("" : "+r"(depth));
    if (depth == 1000)
        return 1;

    int result = deeper(depth + 1);
    asm volatile("" : "+r"(result));
    return result;
}

SEC("sk_skb/stream_verdict")
int recurse(struct __sk_buff *skb)
{
    return deeper(0);
}

// Legal: dividing by zero gives 0, the remainder by zero is the dividend. 7 / 0 + 1 % 0 = 1: passes.
SEC("sk_skb/stream_verdict")
int divide_by_zero(struct __sk_buff *skb)
{
    __u64 quotient = 7, remainder = 1, zero = 0;

    asm volatile("%0 /= %2\n\t"
                 "%1 %%= %2"
                 : "+r"(quotient), "+r"(remainder)
                 : "r"(zero));
    return quotient + remainder;
}

SEC("sk_skb/stream_verdict")
int read_wild_pointer(struct __sk_buff *skb)
{
    return *(volatile __u32 *)(0x7f0000000000ull + skb->len);
}

// A map where the context belongs.
SEC("sk_skb/stream_verdict")
int pass_map_as_context(struct __sk_buff *skb)
{
    return bpf_sk_redirect_map((struct __sk_buff *)&targets, &targets, 0, 0);
}

// A key that does not lie in memory.
SEC("sk_skb/stream_verdict")
int pass_number_as_key(struct __sk_buff *skb)
{
    return bpf_map_lookup_elem(&nothing, (void *)5ull) ? SK_PASS : SK_DROP;
}

// A helper of another program type.
SEC("sk_skb/stream_verdict")
int call_foreign_helper(struct __sk_buff *skb)
{
    return bpf_msg_apply_bytes((struct sk_msg_md *)skb, 1);
}

// No such helper at all.
SEC("sk_skb/stream_verdict")
int call_unknown_helper(struct __sk_buff *skb)
{
    long (*unknown)(void) = (void *)60000;

    return unknown();
}

char LICENSE[] SEC("license") = "Apache-2.0";
