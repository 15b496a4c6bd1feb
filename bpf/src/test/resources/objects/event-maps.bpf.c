// SPDX-License-Identifier: Apache-2.0
//
// Maps that are more than keys and values, as tracing and policy programs use them: records to an application by ring
// buffer and by perf buffers, a queue, a stack, a bloom filter, a trie of prefixes, and hashes per CPU that are walked.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct event {
    __u64 number;
    char text[12];
};

struct {
    __uint(type, BPF_MAP_TYPE_RINGBUF);
    __uint(max_entries, 5000); // a loader makes it 8192
} ring SEC(".maps");

// Without max_entries: a loader makes it one for each CPU.
struct {
    __uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
    __uint(key_size, sizeof(__u32));
    __uint(value_size, sizeof(__u32));
} perf SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_QUEUE);
    __uint(max_entries, 2);
    __type(value, __u32);
} queue SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_STACK);
    __uint(max_entries, 4);
    __uint(value_size, 4);
} stack SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
    __uint(max_entries, 100);
    __uint(map_extra, 3);
    __type(value, __u64);
} seen SEC(".maps");

struct prefix {
    __u32 length;
    __u8 address[4];
};

struct {
    __uint(type, BPF_MAP_TYPE_LPM_TRIE);
    __uint(map_flags, BPF_F_NO_PREALLOC);
    __uint(max_entries, 16);
    __type(key, struct prefix);
    __type(value, __u32);
} routes SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} counts SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 8);
    __type(key, __u32);
    __type(value, __u64);
} flows SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} numbers SEC(".maps");

__u64 sum;
__u32 stop_at;

// Two records: one reserved, written and submitted, one discarded, one by output. Returns the bytes not yet read, or -1
// without room.
SEC("socket")
int record(void *ctx)
{
    struct event *event = bpf_ringbuf_reserve(&ring, sizeof(*event), 0);
    if (!event)
        return -1;
    event->number = 1;
    __builtin_memcpy(event->text, "reserved", 9);
    void *other = bpf_ringbuf_reserve(&ring, 8, 0);
    bpf_ringbuf_submit(event, 0);
    if (other)
        bpf_ringbuf_discard(other, BPF_RB_NO_WAKEUP);

    struct event copied = { .number = 2, .text = "copied" };
    long error = bpf_ringbuf_output(&ring, &copied, sizeof(copied), 0);
    if (error)
        return error;
    return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);
}

// Ends the run with a record that it still holds: no such program loads in the kernel.
SEC("?socket")
int leave(void *ctx)
{
    char *record = bpf_ringbuf_reserve(&ring, 8, 0);
    return record ? record[100] : -1;
}

// A record to the buffer of this CPU; returns what the helper does.
SEC("socket")
int report(void *ctx)
{
    struct event event = { .number = 3, .text = "reported" };

    return bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &event, sizeof(event));
}

// Pushes 1, 2, 3 into the queue of two, the last in the place of the first, and moves all to the stack. Returns the top
// of the stack, times 10 if the queue is empty then.
SEC("socket")
int shift(void *ctx)
{
    __u32 value;

    for (int i = 1; i <= 3; i++) {
        value = i;
        if (bpf_map_push_elem(&queue, &value, 0))
            bpf_map_push_elem(&queue, &value, BPF_EXIST);
    }
    for (int i = 0; i < 4 && !bpf_map_pop_elem(&queue, &value); i++) {
        if (bpf_map_push_elem(&stack, &value, 0))
            return -1;
    }
    int factor = bpf_map_peek_elem(&queue, &value) ? 10 : 1;
    return bpf_map_peek_elem(&stack, &value) ? -2 : value * factor;
}

// Returns what the filter says of the number 7, which it puts in.
SEC("socket")
int notice(void *ctx)
{
    __u64 value = 7;
    long before = bpf_map_peek_elem(&seen, &value);

    bpf_map_push_elem(&seen, &value, 0);
    return before;
}

// Returns the value of the longest prefix of 10.1.2.3, or -1.
SEC("socket")
int route(void *ctx)
{
    struct prefix prefix = { .length = 32, .address = { 10, 1, 2, 3 } };
    __u32 *value = bpf_map_lookup_elem(&routes, &prefix);

    return value ? *value : -1;
}

struct context {
    __u64 factor;
    __u32 visited;
};

static long add(void *map, __u32 *key, __u64 *value, struct context *context)
{
    sum += *key * context->factor + *value;
    context->visited++;
    return *key == stop_at;
}

static long drop(void *map, __u32 *key, __u64 *value, struct context *context)
{
    context->visited++;
    bpf_map_delete_elem(map, key);
    return 0;
}

// Adds 100 * key + value of all elements of the array to sum, up to key stop_at. Returns how many it saw.
SEC("socket")
int walk_array(void *ctx)
{
    struct context context = { .factor = 100 };

    return bpf_for_each_map_elem(&numbers, add, &context, 0);
}

// The same for the hash; returns 1000 * visited + result.
SEC("socket")
int walk_hash(void *ctx)
{
    struct context context = { .factor = 100 };
    long seen_by_helper = bpf_for_each_map_elem(&flows, add, &context, 0);

    return context.visited * 1000 + seen_by_helper;
}

// Deletes all elements of the hash, from within the walk.
SEC("socket")
int clear_hash(void *ctx)
{
    struct context context = {};

    return bpf_for_each_map_elem(&flows, drop, &context, 0);
}

// Counts 5 on this CPU under key 1 and walks; returns the sum over all CPUs.
SEC("socket")
int count(void *ctx)
{
    struct context context = { .factor = 0 };
    __u64 five = 5, all = 0;
    __u32 key = 1;

    __u64 *here = bpf_map_lookup_elem(&counts, &key);
    if (here)
        *here += five;
    else
        bpf_map_update_elem(&counts, &key, &five, BPF_NOEXIST);
    bpf_for_each_map_elem(&counts, add, &context, 0);
    for (__u32 cpu = 0; cpu < 64; cpu++) {
        __u64 *value = bpf_map_lookup_percpu_elem(&counts, &key, cpu);
        if (value)
            all += *value;
    }
    return all;
}

// The flags of the walk must be 0.
SEC("socket")
int walk_with_flags(void *ctx)
{
    struct context context = {};

    return bpf_for_each_map_elem(&numbers, add, &context, 1);
}

char LICENSE[] SEC("license") = "GPL";
