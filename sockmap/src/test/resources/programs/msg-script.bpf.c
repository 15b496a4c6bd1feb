// SPDX-License-Identifier: Apache-2.0
//
// Does to messages what a test wrote down. The script has up to RUNS parts of up to STEPS steps: run number n does part n, and
// every run behind the last part does that part again. What each run saw, and what each step gave, is logged.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define RUNS 64
#define STEPS 8
#define LOGGED 4096

enum operation {
    END, // passes
    APPLY, // a bytes
    CORK, // a bytes
    PULL, // from a to b
    PUSH, // at a, b bytes
    POP, // at a, b bytes
    REDIRECT_MAP, // to targets[a]
    REDIRECT_HASH, // to hash_targets[a]
    STORE, // b at a of the visible bytes; -1 if that is not visible
    LOAD, // the visible byte at a; -1 if it is not visible
    RETURN, // a
    RETURN_LAST, // what the step before gave
    DROP_ON_FAILURE, // if the step before gave a negative number
};

struct step {
    __u32 operation;
    __u32 a;
    __u32 b;
    __u32 padding;
    __u64 flags;
};

struct outcome {
    __s64 result;
    __u32 size;
    __u32 visible;
};

// A run: what it saw at first, then what its steps gave and left.
struct run {
    __u32 size;
    __u32 visible;
    __s32 first;
    __u32 performed;
    struct outcome steps[STEPS];
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} targets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_SOCKHASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} hash_targets SEC(".maps");

// Holds the sockets that send, so that they inherit the program.
struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} senders SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, RUNS * STEPS);
    __type(key, __u32);
    __type(value, struct step);
} script SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, LOGGED);
    __type(key, __u32);
    __type(value, struct run);
} runs SEC(".maps");

__u32 parts = 1;
__u32 count = 0;

static __s64 at(struct sk_msg_md *msg, __u32 offset, int store, __u8 value)
{
    __u8 *data = msg->data;
    __u8 *end = msg->data_end;

    if (offset > 0x7fff)
        return -1;
    data += offset;
    if (data + 1 > end)
        return -1;
    if (store)
        *data = value;
    return *data;
}

static __s64 perform(struct sk_msg_md *msg, struct step *step)
{
    __u32 a = step->a;
    __u32 b = step->b;
    __u64 flags = step->flags;

    switch (step->operation) {
    case APPLY:
        return bpf_msg_apply_bytes(msg, a);
    case CORK:
        return bpf_msg_cork_bytes(msg, a);
    case PULL:
        return bpf_msg_pull_data(msg, a, b, flags);
    case PUSH:
        return bpf_msg_push_data(msg, a, b, flags);
    case POP:
        return bpf_msg_pop_data(msg, a, b, flags);
    case REDIRECT_MAP:
        return bpf_msg_redirect_map(msg, &targets, a, flags);
    case REDIRECT_HASH:
        return bpf_msg_redirect_hash(msg, &hash_targets, &a, flags);
    case STORE:
        return at(msg, a, 1, b);
    case LOAD:
        return at(msg, a, 0, 0);
    }
    return -1;
}

static struct run *begin(struct sk_msg_md *msg, __u32 number)
{
    struct run *run = bpf_map_lookup_elem(&runs, &number);

    if (!run)
        return 0;
    run->size = msg->size;
    run->visible = (__u64)msg->data_end - (__u64)msg->data;
    run->first = at(msg, 0, 0, 0);
    run->performed = 0;
    return run;
}

SEC("sk_msg")
int play(struct sk_msg_md *msg)
{
    __u32 number = count++;
    __u32 part = number < parts ? number : parts - 1;
    struct run *run = begin(msg, number);
    __s64 last = SK_PASS;

    if (!run)
        return SK_DROP;
    for (__u32 i = 0; i < STEPS; i++) {
        __u32 index = part * STEPS + i;
        struct step *step = bpf_map_lookup_elem(&script, &index);

        if (!step)
            return SK_DROP;
        if (step->operation == END)
            return SK_PASS;
        if (step->operation == RETURN)
            return step->a;
        if (step->operation == RETURN_LAST)
            return last;
        if (step->operation != DROP_ON_FAILURE)
            last = perform(msg, step);
        run->performed = i + 1;
        run->steps[i].result = last;
        run->steps[i].size = msg->size;
        run->steps[i].visible = (__u64)msg->data_end - (__u64)msg->data;
        if (step->operation == DROP_ON_FAILURE && last < 0)
            return SK_DROP;
    }
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
