#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
#endif

struct scoped {
	int a;
};

struct scoped___2 {
	long b;
};

struct node;

typedef struct node node_t;

typedef int (*visit_fn)(node_t *, void *, ...);

struct unknown;

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

typedef unsigned char u8;

typedef struct {
	u8 bytes[4];
	node_t *owner;
} anonymous_t;

typedef anonymous_t table_t[3];

struct holder;

typedef unsigned int u32;

typedef unsigned long long u64;

enum color {
	RED = 0,
	GREEN = 5,
	BLUE = -1,
};

struct bits {
	u32 a: 3;
	u32 b: 7;
	long: 22;
	u32 c: 1;
	u64 d: 40;
	u8 e;
	_Bool f: 1;
	enum color g: 4;
	int h: 31;
};

struct crossing {
	u32 a: 20;
	u32 b: 20;
	u8 rest[3];
} __attribute__((packed));

struct late {
	table_t t;
	struct holder *h;
	struct bits b[2];
	struct crossing cross;
};

union roomy {
	u8 a[5];
} __attribute__((aligned(16)));

typedef unsigned short u16;

struct tight {
	u8 a;
	u32 b;
	u16 c: 9;
	u16 d: 9;
	u64 e;
} __attribute__((packed));

struct gaps {
	u8 a;
	long: 56;
	long: 64;
	long: 64;
	long: 64;
	u64 b;
	u8 c;
	long: 56;
	long: 64;
	long: 64;
};

enum byte {
	ONE = 0,
	TWO = 1,
} __attribute__((mode(QI)));

enum wide {
	SMALL = 1ULL,
	HUGE = 4294967296ULL,
};

enum signed_wide {
	LOW = -4294967296LL,
	ZERO = 0LL,
};

enum full {
	ALL = 4294967295,
};

struct holder {
	u8 first;
	union roomy roomy;
	struct tight tight;
	u8 second;
	long: 56;
	long: 64;
	struct gaps gaps;
	enum byte small;
	enum wide wide;
	enum signed_wide deep;
	enum full full;
	enum {
		INNER_A = 0,
		INNER_B = 7,
	} inner;
	struct {
		int x;
	} named;
	struct {
		int x;
	} *pointed;
	__int128 big;
	double real;
	float single;
	long double_word;
	u8 tail[0];
	long: 64;
	long: 64;
	long: 64;
	long: 64;
	long: 64;
};

typedef int operation(struct late *, u32);

struct operations {
	operation *run;
	operation **all;
	char *restrict only;
};

struct empty {};

struct with_empty {
	struct empty e;
	int i;
};

enum later;

struct tagged {
	__attribute__((btf_type_tag("user"))) int *there;
	enum {
		FAST = 0,
		SLOW = 1,
	} way;
	enum {
		FAST___2 = 0,
		SLOW___2 = 1,
	} *other_way;
	enum later *unknown;
};

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

enum {
	SAME = 1,
};

enum {
	SAME___2 = 2,
};

enum {
	LOOSE = 3,
	ENDS = 9,
};

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif /* __VMLINUX_H__ */
