// SPDX-License-Identifier: Apache-2.0
//
// tour: does a little of all that tools which look into runs must show.
//
// A message is a kind and a body: 'P' passes, 'D' is dropped, 'W' has its second byte overwritten, 'L' calls back in a
// loop, 'T' goes on in another program, 'G' goes to the socket under key 1. Other kinds are dropped.
//
// Maps:
//   sockets    the sockets, by index
//   kinds      how many messages of each kind there were
//   tables     programs for tail calls: [0] second
//
// Programs:
//   first      sk_msg verdict of `sockets`
//   second     sk_msg verdict, reached by a tail call

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>

enum weight { LIGHT, HEAVY };

struct count {
    __u32 messages;
    __u32 bytes;
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, char);
    __type(value, struct count);
} kinds SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} tables SEC(".maps");

int total;
const volatile int limit = 100;

__noinline int note(char kind, enum weight weight, __u32 bytes)
{
    struct count fresh = {.messages = 1, .bytes = bytes};
    struct count *known = bpf_map_lookup_elem(&kinds, &kind);

    if (weight == HEAVY)
        bpf_printk("heavy message of %u bytes", bytes);
    if (!known)
        return bpf_map_update_elem(&kinds, &kind, &fresh, BPF_NOEXIST);
    known->messages++;
    known->bytes += bytes;
    return 0;
}

static long each(__u32 index, int *sum)
{
    *sum += index;
    return 0;
}

SEC("sk_msg")
int first(struct sk_msg_md *msg)
{
    char *data, *end;
    int sum = 0;

    bpf_msg_pull_data(msg, 0, msg->size, 0);
    data = (void *)(long)msg->data;
    end = (void *)(long)msg->data_end;
    if (data + 2 > end)
        return SK_DROP;
    total++;
    note(data[0], msg->size > limit ? HEAVY : LIGHT, msg->size);
    switch (data[0]) {
    case 'P':
        return SK_PASS;
    case 'W':
        data[1] = '!';
        return SK_PASS;
    case 'L':
        bpf_loop(3, each, &sum, 0);
        return sum == 3 ? SK_PASS : SK_DROP;
    case 'T':
        bpf_tail_call(msg, &tables, 0);
        return SK_DROP;
    case 'G':
        return bpf_msg_redirect_map(msg, &sockets, 1, BPF_F_INGRESS);
    }
    return SK_DROP;
}

SEC("sk_msg")
int second(struct sk_msg_md *msg)
{
    int count = 0;

    for (int i = 0; i < 3; i++) {
        barrier_var(count);
        count += i;
    }
    total += count;
    return SK_PASS;
}

char _license[] SEC("license") = "GPL";
