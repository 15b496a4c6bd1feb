// SPDX-License-Identifier: Apache-2.0
//
// The same for uBPF.
//
// build: -DUBPF

#include "../bytesum.bpf.c"
