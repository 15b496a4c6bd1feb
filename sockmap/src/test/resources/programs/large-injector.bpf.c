// SPDX-License-Identifier: Apache-2.0
//
// As large as what is found in the field: puts a `traceparent` header (W3C Trace Context) behind the request line of the first
// HTTP/1 request of a connection, unless the request has one. Two programs, joined by a PROG_ARRAY, share a per-CPU scratch
// value; copies are unrolled; what can be checked by itself is a global function. A request line that is not complete is held
// for more bytes, and what is no request passes as it is.

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define LINE_MAX 256
#define HEAD_MAX 256
#define NAME "traceparent: "
#define NAME_LENGTH (sizeof(NAME) - 1)
#define HEADER_LENGTH (NAME_LENGTH + 3 + 32 + 1 + 16 + 5)

enum { METHOD_NONE, METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_HEAD, METHOD_DELETE, METHOD_PATCH, METHOD_OPTIONS, METHOD_TRACE };

struct hex {
    char digits[16];
};

struct scratch {
    char line[LINE_MAX];
    char header[HEADER_LENGTH];
    __u16 padding;
    __u32 line_length;
    struct hex hex;
};

struct {
    __uint(type, BPF_MAP_TYPE_SOCKMAP);
    __uint(max_entries, 4);
    __type(key, __u32);
    __type(value, __u64);
} sockets SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct scratch);
} scratches SEC(".maps");

// What became of a connection's first request, by its ports (local << 32 | remote): 1 has its header, 2 needs none.
struct {
    __uint(type, BPF_MAP_TYPE_LRU_HASH);
    __uint(max_entries, 1024);
    __type(key, __u64);
    __type(value, __u8);
} done SEC(".maps");

// Requests that were seen, by method.
struct {
    __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u64);
} methods SEC(".maps");

int write(struct sk_msg_md *msg);

// [0] the program that writes.
struct {
    __uint(type, BPF_MAP_TYPE_PROG_ARRAY);
    __uint(max_entries, 1);
    __uint(key_size, sizeof(__u32));
    __array(values, int(struct sk_msg_md *));
} writers SEC(".maps") = {.values = {[0] = (void *)&write}};

static __always_inline struct scratch *scratch(void)
{
    __u32 zero = 0;

    return bpf_map_lookup_elem(&scratches, &zero);
}

static __always_inline __u64 ports(struct sk_msg_md *msg)
{
    return (__u64)msg->local_port << 32 | msg->remote_port;
}

// Copies the request line and sets its length. 0 if it does not end in what is visible, -1 if it is too long. (The length is not
// the result: the caller would be verified once for each.)
static __noinline int copy_line(struct sk_msg_md *msg, struct scratch *to)
{
    char *data = msg->data;
    char *end = msg->data_end;
    char last = 0;

#pragma unroll
    for (int i = 0; i < LINE_MAX; i++) {
        if (data + i + 1 > end)
            return 0;
        char byte = data[i];
        to->line[i] = byte;
        if (last == '\r' && byte == '\n') {
            to->line_length = i + 1;
            return 1;
        }
        last = byte;
    }
    return -1;
}

#define IS(text) (!__builtin_memcmp(line, text " ", sizeof(text)))

// The method of a request line and how long its name is, a space included: length << 8 | method, or 0.
__noinline int method_of(struct scratch *scratch)
{
    if (!scratch)
        return METHOD_NONE;
    char *line = scratch->line;
    if (IS("GET"))
        return sizeof("GET") << 8 | METHOD_GET;
    if (IS("POST"))
        return sizeof("POST") << 8 | METHOD_POST;
    if (IS("PUT"))
        return sizeof("PUT") << 8 | METHOD_PUT;
    if (IS("HEAD"))
        return sizeof("HEAD") << 8 | METHOD_HEAD;
    if (IS("DELETE"))
        return sizeof("DELETE") << 8 | METHOD_DELETE;
    if (IS("PATCH"))
        return sizeof("PATCH") << 8 | METHOD_PATCH;
    if (IS("OPTIONS"))
        return sizeof("OPTIONS") << 8 | METHOD_OPTIONS;
    if (IS("TRACE"))
        return sizeof("TRACE") << 8 | METHOD_TRACE;
    return METHOD_NONE;
}

// Where the target of a request line ends, or -1 if there is none.
__noinline int end_of_target(struct scratch *scratch, __u32 start)
{
    if (!scratch)
        return -1;
    for (__u32 i = 0; i < LINE_MAX; i++) {
        __u32 at = start + i;
        barrier_var(at);
        if (at >= LINE_MAX || scratch->line[at] == '\r')
            return -1;
        if (scratch->line[at] == ' ')
            return i == 0 ? -1 : at;
    }
    return -1;
}

// Whether HTTP/1.x and the end of the line stand there.
static __noinline int is_version(struct scratch *scratch, __u32 start)
{
    static const char version[] = " HTTP/1.";

    for (__u32 i = 0; i < sizeof(version) - 1; i++) {
        __u32 at = start + i;
        barrier_var(at);
        if (at >= LINE_MAX || scratch->line[at] != version[i])
            return 0;
    }
    __u32 digit = start + sizeof(version) - 1;
    barrier_var(digit);
    if (digit >= LINE_MAX - 2)
        return 0;
    return scratch->line[digit] >= '0' && scratch->line[digit] <= '9' && scratch->line[digit + 1] == '\r';
}

// Whether one of the header lines that are visible is ours already.
static __noinline int has_header(struct sk_msg_md *msg)
{
    char *data = msg->data;
    char *end = msg->data_end;

    for (int i = 0; i < HEAD_MAX; i++) {
        if (data + i + 1 + NAME_LENGTH > end)
            return 0;
        if (data[i] == '\n' && !__builtin_memcmp(data + i + 1, NAME, NAME_LENGTH))
            return 1;
    }
    return 0;
}

// Writes a number as 16 digits.
__noinline int to_hex(struct hex *to, __u64 value)
{
    if (!to)
        return -1;
#pragma unroll
    for (int i = 0; i < 16; i++) {
        __u8 digit = value >> (60 - 4 * i) & 15;
        to->digits[i] = digit < 10 ? '0' + digit : 'a' + digit - 10;
    }
    return 0;
}

static __always_inline __u64 random(void)
{
    return (__u64)bpf_get_prandom_u32() << 32 | bpf_get_prandom_u32();
}

static __noinline void make_header(struct scratch *scratch)
{
    char *at = scratch->header;

    __builtin_memcpy(at, NAME "00-", NAME_LENGTH + 3);
    at += NAME_LENGTH + 3;
    to_hex(&scratch->hex, random());
    __builtin_memcpy(at, scratch->hex.digits, 16);
    to_hex(&scratch->hex, bpf_ktime_get_ns());
    __builtin_memcpy(at + 16, scratch->hex.digits, 16);
    at[32] = '-';
    to_hex(&scratch->hex, random());
    __builtin_memcpy(at + 33, scratch->hex.digits, 16);
    __builtin_memcpy(at + 49, "-01\r\n", 5);
}

static __noinline int is_request(struct scratch *scratch)
{
    int method = method_of(scratch);
    __u32 which = method & 15;

    if (!method)
        return 0;
    int target = end_of_target(scratch, method >> 8);
    if (target < 0 || !is_version(scratch, target))
        return 0;
    __u64 *count = bpf_map_lookup_elem(&methods, &which);
    if (count)
        ++*count;
    return 1;
}

SEC("sk_msg")
int find(struct sk_msg_md *msg)
{
    __u64 key = ports(msg);
    __u32 size = msg->size;
    __u8 none = 2;
    struct scratch *to = scratch();

    if (!to || bpf_map_lookup_elem(&done, &key))
        return SK_PASS;
    if (bpf_msg_pull_data(msg, 0, size < HEAD_MAX ? size : HEAD_MAX, 0))
        return SK_PASS;
    int found = copy_line(msg, to);
    if (found == 0) {
        bpf_msg_cork_bytes(msg, size + 1);
        return SK_PASS;
    }
    if (found < 0 || !is_request(to) || has_header(msg)) {
        bpf_map_update_elem(&done, &key, &none, BPF_ANY);
        return SK_PASS;
    }
    make_header(to);
    bpf_tail_call(msg, &writers, 0);
    return SK_PASS;
}

SEC("sk_msg")
int write(struct sk_msg_md *msg)
{
    __u64 key = ports(msg);
    __u8 written = 1;
    struct scratch *from = scratch();

    if (!from)
        return SK_DROP;
    __u32 at = from->line_length;
    if (at == 0 || at > LINE_MAX)
        return SK_DROP;
    if (bpf_msg_push_data(msg, at, HEADER_LENGTH, 0))
        return SK_PASS;
    if (bpf_msg_pull_data(msg, at, at + HEADER_LENGTH, 0))
        return SK_DROP;
    char *data = msg->data;
    if (data + HEADER_LENGTH > (char *)msg->data_end)
        return SK_DROP;
#pragma unroll
    for (int i = 0; i < HEADER_LENGTH; i++)
        data[i] = from->header[i];
    bpf_map_update_elem(&done, &key, &written, BPF_ANY);
    return SK_PASS;
}

char LICENSE[] SEC("license") = "Apache-2.0";
