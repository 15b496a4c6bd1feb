// SPDX-License-Identifier: Apache-2.0
//
// bytesum: adds up the first 1,024 bytes of the packet, a byte at a time. Returns their sum, or -1 if there are fewer.

#include "packet.h"

#define BYTES 1024

SEC("tc")
int bytesum(struct __sk_buff *skb)
{
    unsigned char *data = PACKET(skb);
    __u32 sum = 0;

    if (data + BYTES > PACKET_END(skb))
        return -1;
#pragma clang loop unroll(disable) vectorize(disable)
    for (__u32 i = 0; i < BYTES; i++)
        sum += data[i];
    return sum;
}

char _license[] SEC("license") = "Apache-2.0";
