// SPDX-License-Identifier: Apache-2.0
//
// empty: does nothing, so it takes what any run takes.

#include "packet.h"

SEC("tc")
int empty(struct __sk_buff *skb)
{
    return 0;
}

char _license[] SEC("license") = "Apache-2.0";
