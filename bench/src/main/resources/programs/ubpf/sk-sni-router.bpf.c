// SPDX-License-Identifier: Apache-2.0
//
// The same for uBPF, which takes functions only whose last instruction is an exit: so blocks stay in the order of the source.
//
// build: -DUBPF -mllvm -disable-block-placement

#include "../sk-sni-router.bpf.c"
