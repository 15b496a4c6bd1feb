// SPDX-License-Identifier: Apache-2.0
//
// sk-port-policy: the decisions of examples/port-policy.

#include "sockets.h"

#include "../../../../../examples/port-policy/port-policy.bpf.c"
