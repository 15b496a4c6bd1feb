// SPDX-License-Identifier: Apache-2.0
//
// What the programs here start with. They are made for three places: this project's engine and Linux, as programs for tc, and
// uBPF (built with UBPF), whose context has pointers of 64 bits.

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#ifdef UBPF
struct ubpf_packet {
    __u64 data, data_end;
    __u32 len;
};
#define __sk_buff ubpf_packet
#endif

#define PACKET(ctx) ((unsigned char *)(long)(ctx)->data)
#define PACKET_END(ctx) ((unsigned char *)(long)(ctx)->data_end)
