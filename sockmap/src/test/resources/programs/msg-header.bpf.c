// SPDX-License-Identifier: Apache-2.0
//
// Puts a header line behind the request line of the first HTTP request of a connection. A message whose first line is not
// complete is held for one more byte. The line is found by one program, and written by a second one that it calls by way of a
// PROG_ARRAY; they share what was found in a per-CPU array. Without the second program the message passes as it is.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LONGEST_LINE 128
#define HEADER "X-Trace: 42\r\n"
#define HEADER_LENGTH (sizeof(HEADER) - 1)

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

// [0] the program that writes.
struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} writers SEC(".maps");

// [0] where the request line ends.
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u32);
} found SEC(".maps");

// Local ports of the connections whose request has its header.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 1024);
    __type(key, __u32);
    __type(value, __u8);
} done SEC(".maps");

// Offset behind the first line, or 0 if it does not end here.
static __u32 end_of_line(struct sk_msg_md *msg)
{
    char *data = msg->data;
    char *end = msg->data_end;

    for (__u32 i = 0; i + 1 < LONGEST_LINE; i++) {
        if (data + i + 2 > end)
            return 0;
        if (data[i] == '\r' && data[i + 1] == '\n')
            return i + 2;
    }
    return 0;
}

SEC("sk_msg")
int find(struct sk_msg_md *msg)
{
    __u32 zero = 0;
    __u32 port = msg->local_port;
    __u32 size = msg->size;

    if (bpf_map_lookup_elem(&done, &port))
        return SK_PASS;
    if (bpf_msg_pull_data(msg, 0, size < LONGEST_LINE ? size : LONGEST_LINE, 0))
        return SK_PASS;
    __u32 line = end_of_line(msg);
    if (!line) {
        if (size < LONGEST_LINE)
            bpf_msg_cork_bytes(msg, size + 1);
        return SK_PASS;
    }
    bpf_map_update_elem(&found, &zero, &line, BPF_ANY);
    bpf_tail_call(msg, &writers, 0);
    return SK_PASS;
}

SEC("sk_msg")
int write(struct sk_msg_md *msg)
{
    __u32 zero = 0;
    __u32 port = msg->local_port;
    __u8 yes = 1;
    __u32 *line = bpf_map_lookup_elem(&found, &zero);

    if (!line)
        return SK_DROP;
    if (bpf_msg_push_data(msg, *line, HEADER_LENGTH, 0))
        return SK_PASS;
    if (bpf_msg_pull_data(msg, *line, *line + HEADER_LENGTH, 0))
        return SK_DROP;
    char *data = msg->data;
    if (data + HEADER_LENGTH > (char *)msg->data_end)
        return SK_DROP;
    __builtin_memcpy(data, HEADER, HEADER_LENGTH);
    bpf_map_update_elem(&done, &port, &yes, BPF_ANY);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
