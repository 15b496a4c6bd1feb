// SPDX-License-Identifier: Apache-2.0
/* All that types.h defines, so that its layout is in the object. */
#include "types.h"

struct bits bits;
struct crossing crossing;
struct empty empty;
struct gaps gaps;
struct holder holder;
struct late late;
struct node node;
struct operations operations;
struct scoped scoped;
struct scoped___2 scoped___2;
struct tagged tagged;
struct tight tight;
struct with_empty with_empty;
union either either;
union roomy roomy;
