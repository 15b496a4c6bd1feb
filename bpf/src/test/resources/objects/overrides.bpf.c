// SPDX-License-Identifier: Apache-2.0
//
// What a loader changes before load: the room of maps, and read-only variables of every width. The program hands
// them back through a map.

#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

const volatile __u8 byte = 1;
const volatile __u16 half = 2;
const volatile __u32 word = 3;
const volatile __u64 wide = 4;
const volatile _Bool flag = 0;
const volatile char name[16] = "jsockmap";

struct tuning {
    __u32 limit;
    __u16 port;
    __u8 mode;
    __u64 budget;
};

struct tuning tuning = { .limit = 10, .port = 80, .mode = 2, .budget = 1000 };

struct answer {
    __u64 wide;
    __u32 word;
    __u16 half;
    __u8 byte;
    __u8 flag;
    char name[16];
    struct tuning tuning;
};

// For the loader to resize: 16 entries by default, and 1.
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 16);
    __type(key, __u32);
    __type(value, __u32);
} table SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, struct answer);
} answers SEC(".maps");

// Writes answers[0]; inserts table[0..19] = index and returns how many of them there was room for.
SEC("socket")
int tell(void *ctx)
{
    __u32 zero = 0;
    struct answer *answer = bpf_map_lookup_elem(&answers, &zero);

    if (!answer)
        return -1;
    answer->wide = wide;
    answer->word = word;
    answer->half = half;
    answer->byte = byte;
    answer->flag = flag;
    for (int i = 0; i < 16; i++)
        answer->name[i] = name[i];
    answer->tuning = tuning;

    int inserted = 0;
    for (__u32 key = 0; key < 20; key++)
        if (bpf_map_update_elem(&table, &key, &key, BPF_NOEXIST) == 0)
            inserted++;
    return inserted;
}

char LICENSE[] SEC("license") = "Apache-2.0";
