// SPDX-License-Identifier: Apache-2.0
//
// sk-http-policy: the decisions of examples/http-policy.

#include "sockets.h"

#include "../../../../../examples/http-policy/http-policy.bpf.c"
