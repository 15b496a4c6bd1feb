// SPDX-License-Identifier: Apache-2.0
//
// Functions of the kernel, called by name: number iterators as bpf_for has them, the dynptr functions, and guards; some
// weak and some strong, and one weak that nobody has. The license says GPL because the kernel lets no other program call
// a kfunc.

#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>

// Newer than the headers that many machines have.
struct bpf_iter_num {
    __u64 __opaque[1];
} __attribute__((aligned(8)));

extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __weak __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __weak __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __weak __ksym;

extern void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, __u32 offset, void *buffer, __u32 buffer__szk) __ksym;
extern void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *ptr, __u32 offset, void *buffer, __u32 buffer__szk) __ksym;
extern int bpf_dynptr_adjust(const struct bpf_dynptr *ptr, __u32 start, __u32 end) __ksym;
extern bool bpf_dynptr_is_null(const struct bpf_dynptr *ptr) __ksym;
extern __u32 bpf_dynptr_size(const struct bpf_dynptr *ptr) __ksym;
extern int bpf_dynptr_clone(const struct bpf_dynptr *ptr, struct bpf_dynptr *clone) __ksym;

extern void bpf_rcu_read_lock(void) __weak __ksym;
extern void bpf_rcu_read_unlock(void) __weak __ksym;
extern void bpf_preempt_disable(void) __weak __ksym;
extern void bpf_preempt_enable(void) __weak __ksym;

extern int bpf_fixture_nobody_has_this(int value) __weak __ksym;

// A loop over numbers that ends its iterator however it is left.
#define for_numbers(i, from, to)                                                                                       \
    for (struct bpf_iter_num it __attribute__((cleanup(bpf_iter_num_destroy))),                                        \
         *begun __attribute__((unused)) = (bpf_iter_num_new(&it, (from), (to)), (void *)bpf_iter_num_destroy, &it);     \
         ({                                                                                                            \
             int *at = bpf_iter_num_next(&it);                                                                         \
             at ? (i = *at, 1) : 0;                                                                                    \
         });)

struct {
    __uint(type, BPF_MAP_TYPE_ARRAY);
    __uint(max_entries, 1);
    __type(key, __u32);
    __type(value, __u64[4]);
} words SEC(".maps");

int from = 0;
int to = 10;

// The sum of the numbers from `from` to before `to`, without those that 3 divides (without a sign); ends early behind 100.
SEC("socket")
int sum(void *ctx)
{
    int i, sum = 0;

    for_numbers(i, from, to)
    {
        if ((__u32)i % 3 == 0)
            continue;
        if (i > 100)
            break;
        sum += i;
    }
    return sum;
}

// How often the inner body of three loops in each other runs, to^3.
SEC("socket")
int nested(void *ctx)
{
    int i, j, k, runs = 0;

    for_numbers(i, 0, to)
        for_numbers(j, 0, to)
            for_numbers(k, 0, to)
                runs += i >= 0 && j >= 0 && k >= 0;
    return runs;
}

// Writes 0x2211 into the middle of the value through a slice of a part; returns the part's size, or a negative number
// that tells the step that failed.
SEC("classifier")
int slices(void *ctx)
{
    struct bpf_dynptr whole, part;
    __u32 key = 0;
    __u8 buffer[2], *slice;
    void *value = bpf_map_lookup_elem(&words, &key);

    if (!value)
        return -1;
    if (bpf_dynptr_from_mem(value, 32, 0, &whole))
        return -2;
    if (bpf_dynptr_clone(&whole, &part) || bpf_dynptr_adjust(&part, 8, 28))
        return -3;
    slice = bpf_dynptr_slice_rdwr(&part, 4, buffer, sizeof(buffer));
    if (!slice)
        return -4;
    slice[0] = 0x11;
    slice[1] = 0x22;
    slice = bpf_dynptr_slice(&whole, 12, buffer, sizeof(buffer));
    if (!slice || slice[0] != 0x11 || slice[1] != 0x22)
        return -5;
    if (bpf_dynptr_slice(&part, 19, buffer, sizeof(buffer)))
        return -6;
    return bpf_dynptr_is_null(&part) ? -7 : bpf_dynptr_size(&part);
}

// Returns 3 with all four guards, plus 4 if a function that nobody has is there.
SEC("socket")
int guards(void *ctx)
{
    int there = 0;

    if (bpf_rcu_read_lock) {
        bpf_rcu_read_lock();
        bpf_rcu_read_unlock();
        there += 1;
    }
    if (bpf_preempt_disable) {
        bpf_preempt_disable();
        bpf_preempt_enable();
        there += 2;
    }
    if (bpf_fixture_nobody_has_this)
        there += bpf_fixture_nobody_has_this(4);
    return there;
}

char LICENSE[] SEC("license") = "GPL";
