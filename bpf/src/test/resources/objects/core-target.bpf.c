// SPDX-License-Identifier: Apache-2.0
//
// Nothing but types: what the programs of core-fields meet. Every structure differs from theirs in order, sizes or
// depth; the comments there say how.

struct parcel {
	unsigned long long stamp;
	unsigned int weight;
	unsigned short width;
	short height;
	int sum;
	signed char small;
	struct {
		union {
			struct {
				unsigned int hidden;
				unsigned int deep;
			};
			unsigned long long both;
		};
	};
	struct {
		int x;
		struct {
			int before;
			int y;
		} inner[3];
	} place;
	unsigned int codes[6];
	struct parcel *next;
	unsigned int flags;
	const char *label;
	unsigned int tail[];
};

struct bits {
	unsigned int lead;
	unsigned int a : 5;
	unsigned int b : 9;
	int c : 7;
	unsigned long long wide : 35;
	unsigned int plain;
	unsigned int mixed : 4;
};

enum color {
	BLUE = 7,
	RED = 11,
	GREEN = -3,
};

enum level : unsigned long long {
	LOW = 1,
	HIGH = 0x123456789abULL,
};

enum big {
	BIG_ALL = 0xffffffff,
};

typedef struct {
	int one;
	int two;
	int three;
} triple_t;

typedef int (*callback_t)(struct parcel *, long);

struct same {
	int a;
	enum color color;
	struct parcel *to;
	union {
		int u;
		long v;
	} either;
	int extra;
};

struct unlike {
	long a;
};

struct twice___one {
	int other;
	int field;
};

struct twice___two {
	int field;
};

struct agreed___one {
	int first;
	int field;
};

struct agreed___two {
	int before;
	int field;
	int behind;
};

struct far {
	char room[40000];
	int field;
};

struct parcel parcel;
struct bits bits;
enum color color;
enum level level;
enum big big;
triple_t triple;
callback_t callback;
struct same same;
struct unlike unlike;
struct twice___one twice_one;
struct twice___two twice_two;
struct agreed___one agreed_one;
struct agreed___two agreed_two;
struct far far;
