// SPDX-License-Identifier: Apache-2.0
/*
 * Types of which a header must say more than their members: gaps, packing, bit-fields, widths of enumerations, an order. types.h is
 * that header, and types-again.bpf.c what it is compiled into: all is where it is here.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

enum color { RED, GREEN = 5, BLUE = -1 };
enum wide { SMALL = 1, HUGE = 0x100000000ULL };
enum signed_wide { LOW = -0x100000000LL, ZERO = 0 };
enum byte { ONE, TWO } __attribute__((packed));
enum full { ALL = 0xffffffffU };

struct node;
typedef struct node node_t;
typedef int (*visit_fn)(node_t *node, void *context, ...);
struct node {
	struct node *next;
	node_t *back;
	visit_fn visit;
	const char *const name;
	volatile int *counter;
	struct unknown *opaque;
	void (*no_parameters)(void);
	int (*(*table)[4])(struct node *, int);
	const int *matrix[3][5];
	int (*row)[7];
};

struct bits {
	u32 a : 3;
	u32 b : 7;
	u32 : 0;
	u32 c : 1;
	u64 d : 40;
	u8 e;
	_Bool f : 1;
	enum color g : 4;
	int h : 31;
};

struct __attribute__((packed)) tight {
	u8 a;
	u32 b;
	u16 c : 9;
	u16 d : 9;
	u64 e;
};

struct __attribute__((packed)) crossing {
	u32 a : 20;
	u32 b : 20;
	u8 rest[3];
};

struct gaps {
	u8 a;
	u64 b __attribute__((aligned(32)));
	u8 c;
} __attribute__((aligned(64)));

union either {
	u8 byte;
	struct {
		u16 low;
		u16 high;
		union {
			u32 number;
			u8 bytes[6];
		};
	};
	struct gaps *far;
};

union roomy {
	u8 a[5];
} __attribute__((aligned(16)));

struct holder {
	u8 first;
	union roomy roomy;
	struct tight tight;
	u8 second;
	struct gaps gaps;
	enum byte small;
	enum wide wide;
	enum signed_wide deep;
	enum full full;
	enum { INNER_A, INNER_B = 7 } inner;
	struct { int x; } named, *pointed;
	__int128 big;
	double real;
	float single;
	long double_word;
	u8 tail[];
};

struct empty {};
struct with_empty { struct empty e; int i; };
typedef struct { u8 bytes[4]; node_t *owner; } anonymous_t;
typedef anonymous_t table_t[3];
struct late { table_t t; struct holder *h; struct bits b[2]; struct crossing cross; };

typedef int operation(struct late *, u32);
struct operations { operation *run; operation **all; char *restrict only; };

struct tagged {
	int __attribute__((btf_type_tag("user"))) *there;
	enum { FAST, SLOW } way, *other_way;
	enum later *unknown;
};

/* Constants that belong to no other type. */
volatile enum { LOOSE = 3, ENDS = 9 } loose;

/* Two of one name, and two of one constant. */
int first(void)
{
	static volatile struct scoped { int a; } scoped;
	static volatile enum { SAME = 1 } same;
	return scoped.a + same;
}

int second(void)
{
	static volatile struct scoped { long b; } scoped;
	static volatile enum { SAME = 2 } same;
	return scoped.b + same;
}

struct node node;
struct late late;
struct holder holder;
struct operations operations;
struct with_empty with_empty;
struct tagged tagged;
union either either;
