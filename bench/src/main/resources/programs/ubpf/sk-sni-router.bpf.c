// SPDX-License-Identifier: Apache-2.0
//
// The same for uBPF. It refuses functions that end in a jump, so blocks stay in the order of the source.
//
// build: -DUBPF -mllvm -disable-block-placement

#include "../sk-sni-router.bpf.c"
