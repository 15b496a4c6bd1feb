// SPDX-License-Identifier: Apache-2.0
//
// CO-RE in all its kinds, on types that no kernel has: the structures here are the program's own idea, those of
// core-target are what it meets. Each program reads the bytes of the map's only element as a structure, and returns
// what the comment says; "0 without the field" is what it returns where the target has no such types at all.

#include <linux/types.h>
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#define CORE __attribute__((preserve_access_index))

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u8[256]);
} bytes SEC(".maps");

struct parcel {
	unsigned int flags;
	unsigned int deep;
	unsigned long long width; /* 2 bytes there, unsigned: the load shrinks */
	unsigned int stamp;       /* 8 bytes there, unsigned: the load grows */
	int height;               /* 2 bytes there, signed: no load fits */
	struct {
		struct {
			int y;
		} inner[3];
		int x;
	} place;
	unsigned int codes[4];
	struct parcel *next;
	unsigned int weight;
	unsigned int tail[];
} CORE;

struct parcel___lost {
	int sum;
	int lost;
	struct {
		int gone;
	} place;
	long codes; /* an array there */
} CORE;

struct bits {
	unsigned int a : 3;
	int c : 11;
	unsigned int wide : 20;
	unsigned int plain : 2; /* no bit-field there */
	unsigned int b : 6;
	unsigned int mixed;     /* a bit-field there */
} CORE;

enum color {
	RED,
	GREEN,
	GRAY,
};

enum level {
	HIGH = 5,
	MIDDLE = 6,
};

enum big {
	BIG_ALL___other = 0xffffffff,
};

typedef struct {
	int one;
} triple_t;

typedef int (*callback_t)(struct parcel *, long);
typedef int (*other_callback_t)(struct parcel *);

struct same {
	union {
		int u;
	} either;
	int a;
	struct parcel *to;
	enum color___few {
		RED___few,
	} color;
};

struct unlike {
	int a;
} CORE;

struct nobody {
	int field;
} CORE;

struct twice {
	int field;
} CORE;

struct agreed {
	int field;
} CORE;

struct far {
	int field;
} CORE;

static __always_inline void *element(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&bytes, &zero);
}

// 32-bit words at the places of flags, deep, codes[2], place.x, place.inner[1].y and tail[1], added; -1 without the map.
SEC("socket")
int words(void *ctx)
{
	struct parcel *p = element();

	if (!p)
		return -1;
	return p->flags + p->deep + p->codes[2] + p->place.x + p->place.inner[1].y + p->tail[1];
}

// The 16 bits of width.
SEC("socket")
int shrunk(void *ctx)
{
	struct parcel *p = element();

	return p ? p->width : -1;
}

// The lower half of the 64 bits of stamp.
SEC("socket")
int grown(void *ctx)
{
	struct parcel *p = element();

	return p ? p->stamp : -1;
}

// Stores 5 as width and 9 in codes[1]; 1.
SEC("socket")
int stored(void *ctx)
{
	struct parcel *p = element();

	if (!p)
		return -1;
	p->width = 5;
	p->codes[1] = 9;
	return 1;
}

// Can't be read at another size: the instruction must not be reached.
SEC("socket")
int narrowed(void *ctx)
{
	struct parcel *p = element();

	return p ? p->height : -1;
}

// What exists, one bit each: sum 1, lost 2, place.gone 4, codes as a number 8, deep 16, codes[3] 32, struct nobody 64,
// struct parcel 128, enum color 256, triple_t 512, nobody.field 1024, callback_t 2048: 1 + 16 + 32 + 128 + 256 + 512 + 2048.
SEC("socket")
int exists(void *ctx)
{
	struct parcel___lost *l = ctx;
	struct parcel *p = ctx;
	struct nobody *n = ctx;
	int all = 0;

	all |= bpf_core_field_exists(l->sum) ? 1 : 0;
	all |= bpf_core_field_exists(l->lost) ? 2 : 0;
	all |= bpf_core_field_exists(l->place.gone) ? 4 : 0;
	all |= bpf_core_field_exists(l->codes) ? 8 : 0;
	all |= bpf_core_field_exists(p->deep) ? 16 : 0;
	all |= bpf_core_field_exists(p->codes[3]) ? 32 : 0;
	all |= bpf_core_type_exists(struct nobody) ? 64 : 0;
	all |= bpf_core_type_exists(struct parcel) ? 128 : 0;
	all |= bpf_core_type_exists(enum color) ? 256 : 0;
	all |= bpf_core_type_exists(triple_t) ? 512 : 0;
	all |= bpf_core_field_exists(n->field) ? 1024 : 0;
	all |= bpf_core_type_exists(callback_t) ? 2048 : 0;
	return all;
}

// Guarded, so that the field which is missing is never read: sum, or 77 where there is no sum.
SEC("socket")
int guarded(void *ctx)
{
	struct parcel___lost *l = element();

	if (!l)
		return -1;
	if (bpf_core_field_exists(l->lost))
		return l->lost;
	if (bpf_core_field_exists(l->sum))
		return l->sum;
	return 77;
}

// Not guarded.
SEC("socket")
int missing(void *ctx)
{
	struct parcel___lost *l = element();

	return l ? l->lost : -1;
}

// Of a structure that is nowhere.
SEC("socket")
int nowhere(void *ctx)
{
	struct nobody *n = element();

	return n ? n->field : -1;
}

// Sizes in bytes, 8 bits each: struct parcel, triple_t, codes, place.inner[0].
SEC("socket")
int sizes(void *ctx)
{
	struct parcel *p = ctx;

	return bpf_core_type_size(struct parcel) | bpf_core_type_size(triple_t) << 8 |
	       bpf_core_field_size(p->codes) << 16 | bpf_core_field_size(p->place.inner[0]) << 24;
}

// The bit-fields, by the macro that asks for offset, size, sign and shifts.
SEC("socket")
int bit_a(void *ctx)
{
	struct bits *b = element();

	return b ? BPF_CORE_READ_BITFIELD(b, a) : -1;
}

SEC("socket")
int bit_b(void *ctx)
{
	struct bits *b = element();

	return b ? BPF_CORE_READ_BITFIELD(b, b) : -1;
}

// Signed.
SEC("socket")
int bit_c(void *ctx)
{
	struct bits *b = element();

	return b ? BPF_CORE_READ_BITFIELD(b, c) : -1;
}

// The lower 32 of its 35 bits.
SEC("socket")
int bit_wide(void *ctx)
{
	struct bits *b = element();

	return b ? BPF_CORE_READ_BITFIELD(b, wide) : -1;
}

// No bit-field in the target.
SEC("socket")
int bit_plain(void *ctx)
{
	struct bits *b = element();

	return b ? BPF_CORE_READ_BITFIELD(b, plain) : -1;
}

// Signs of fields: bits.c 1, bits.a 2, parcel.height 4, parcel.flags 8: 1 + 4.
SEC("socket")
int signs(void *ctx)
{
	struct bits *b = ctx;
	struct parcel *p = ctx;
	int all = 0;

	all |= __builtin_preserve_field_info(b->c, BPF_FIELD_SIGNED) ? 1 : 0;
	all |= __builtin_preserve_field_info(b->a, BPF_FIELD_SIGNED) ? 2 : 0;
	all |= __builtin_preserve_field_info(p->height, BPF_FIELD_SIGNED) ? 4 : 0;
	all |= __builtin_preserve_field_info(p->flags, BPF_FIELD_SIGNED) ? 8 : 0;
	return all;
}

// A load of a field that is no bit-field here and one there: must not be reached.
SEC("socket")
int mixed(void *ctx)
{
	struct bits *b = element();

	return b ? b->mixed : -1;
}

// RED * 1000 + GREEN there: 10997.
SEC("socket")
int colors(void *ctx)
{
	return bpf_core_enum_value(enum color, RED) * 1000 + bpf_core_enum_value(enum color, GREEN);
}

// Whether RED 1, GRAY 2, HIGH 4 and MIDDLE 8 exist: 5.
SEC("socket")
int values(void *ctx)
{
	int all = 0;

	all |= bpf_core_enum_value_exists(enum color, RED) ? 1 : 0;
	all |= bpf_core_enum_value_exists(enum color, GRAY) ? 2 : 0;
	all |= bpf_core_enum_value_exists(enum level, HIGH) ? 4 : 0;
	all |= bpf_core_enum_value_exists(enum level, MIDDLE) ? 8 : 0;
	return all;
}

// Bits 32 and up of HIGH, whose enumeration has 64 bits there: 0x123.
SEC("socket")
int high(void *ctx)
{
	return bpf_core_enum_value(enum level, HIGH) >> 32;
}

// The value has no sign: 1.
SEC("socket")
int unsigned_value(void *ctx)
{
	return bpf_core_enum_value(enum big, BIG_ALL___other) >> 31;
}

// A value that the target has not: must not be reached.
SEC("socket")
int gray(void *ctx)
{
	return bpf_core_enum_value(enum color, GRAY);
}

// What matches: struct same 1, struct unlike 2, callback_t 4, struct nobody 8, struct parcel 16: 1 + 4.
SEC("socket")
int matches(void *ctx)
{
	int all = 0;

	all |= bpf_core_type_matches(struct same) ? 1 : 0;
	all |= bpf_core_type_matches(struct unlike) ? 2 : 0;
	all |= bpf_core_type_matches(callback_t) ? 4 : 0;
	all |= bpf_core_type_matches(struct nobody) ? 8 : 0;
	all |= bpf_core_type_matches(struct parcel) ? 16 : 0;
	return all;
}

// Numbers of a type: in these types, and in the target.
SEC("socket")
int own_number(void *ctx)
{
	return bpf_core_type_id_local(struct parcel);
}

SEC("socket")
int target_number(void *ctx)
{
	return bpf_core_type_id_kernel(struct parcel);
}

// Two structures are called so, and agree on the field: the word at 4.
SEC("socket")
int both(void *ctx)
{
	struct agreed *a = element();

	return a ? a->field : -1;
}

// A static function's accesses are fitted too: flags.
static __noinline int flags_of(struct parcel *p)
{
	return p->flags;
}

SEC("socket")
int called(void *ctx)
{
	struct parcel *p = element();

	return p ? flags_of(p) : -1;
}

// Two structures are called so, and differ: refused.
SEC("?socket")
int ambiguous(void *ctx)
{
	struct twice *t = element();

	return t ? t->field : -1;
}

// The field lies 40000 bytes away, which no load can reach: refused.
SEC("?socket")
int distant(void *ctx)
{
	struct far *f = element();

	return f ? f->field : -1;
}

char LICENSE[] SEC("license") = "Apache-2.0";
