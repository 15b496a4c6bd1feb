// SPDX-License-Identifier: Apache-2.0
//
// sk-sni-router: the decisions of examples/sni-router.

#include "sockets.h"

// Nothing is remembered, so every run walks the ClientHello.
#define bpf_map_update_elem(map, key, value, flags) 0L

#include "../../../../../examples/sni-router/sni-router.bpf.c"
