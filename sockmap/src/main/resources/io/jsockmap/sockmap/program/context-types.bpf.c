// SPDX-License-Identifier: Apache-2.0
//
// The structures that the engine shows to programs, as C: their layouts are fixed by Linux (linux/bpf.h, 6.18), and the
// tables of fields (SkMsgType, SkSkbType, SockOpsType, SockFields, SocketHelpers) serve them. CO-RE relocations are made
// for the types of this object; a test compares them with the tables. There are no programs.

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef int __s32;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;

/* A pointer takes 8 bytes, whatever a compiler thinks. */
#define POINTER(to, name) union { to *name; __u64 : 64; } __attribute__((aligned(8)))

enum sk_action {
	SK_DROP = 0,
	SK_PASS = 1,
};

struct bpf_sock {
	__u32 bound_dev_if, family, type, protocol, mark, priority;
	__u32 src_ip4, src_ip6[4], src_port;
	__be16 dst_port;
	__u16 : 16;
	__u32 dst_ip4, dst_ip6[4];
	__u32 state;
	__s32 rx_queue_mapping;
} sock;

struct bpf_tcp_sock {
	__u32 snd_cwnd, srtt_us, rtt_min, snd_ssthresh, rcv_nxt, snd_nxt, snd_una, mss_cache, ecn_flags;
	__u32 rate_delivered, rate_interval_us, packets_out, retrans_out, total_retrans;
	__u32 segs_in, data_segs_in, segs_out, data_segs_out, lost_out, sacked_out;
	__u64 bytes_received, bytes_acked;
	__u32 dsack_dups, delivered, delivered_ce, icsk_retransmits;
} tcp_sock;

struct bpf_sock_tuple {
	union {
		struct {
			__be32 saddr, daddr;
			__be16 sport, dport;
		} ipv4;
		struct {
			__be32 saddr[4], daddr[4];
			__be16 sport, dport;
		} ipv6;
	};
} tuple;

struct sk_msg_md {
	POINTER(void, data);
	POINTER(void, data_end);
	__u32 family, remote_ip4, local_ip4, remote_ip6[4], local_ip6[4], remote_port, local_port;
	__u32 size;
	POINTER(struct bpf_sock, sk);
} msg;

struct __sk_buff {
	__u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto, priority;
	__u32 ingress_ifindex, ifindex, tc_index, cb[5], hash, tc_classid, data, data_end, napi_id;
	__u32 family, remote_ip4, local_ip4, remote_ip6[4], local_ip6[4], remote_port, local_port;
	__u32 data_meta;
	POINTER(struct bpf_flow_keys, flow_keys);
	__u64 tstamp;
	__u32 wire_len, gso_segs;
	POINTER(struct bpf_sock, sk);
	__u32 gso_size;
	__u8 tstamp_type;
	__u32 : 24;
	__u64 hwtstamp;
} skb;

struct bpf_sock_ops {
	__u32 op;
	union {
		__u32 args[4];
		__u32 reply;
		__u32 replylong[4];
	};
	__u32 family, remote_ip4, local_ip4, remote_ip6[4], local_ip6[4], remote_port, local_port;
	__u32 is_fullsock, snd_cwnd, srtt_us, bpf_sock_ops_cb_flags, state;
	__u32 rtt_min, snd_ssthresh, rcv_nxt, snd_nxt, snd_una, mss_cache, ecn_flags;
	__u32 rate_delivered, rate_interval_us, packets_out, retrans_out, total_retrans;
	__u32 segs_in, data_segs_in, segs_out, data_segs_out, lost_out, sacked_out;
	__u32 sk_txhash;
	__u64 bytes_received, bytes_acked;
	POINTER(struct bpf_sock, sk);
	POINTER(void, skb_data);
	POINTER(void, skb_data_end);
	__u32 skb_len, skb_tcp_flags;
	__u64 skb_hwtstamp;
} ops;

/* What programs keep in maps and on their stacks for helpers. */
struct bpf_spin_lock {
	__u32 val;
} lock;

struct bpf_timer {
	__u64 __opaque[2];
} __attribute__((aligned(8))) timer;

struct bpf_dynptr {
	__u64 __opaque[2];
} __attribute__((aligned(8))) dynptr;

struct bpf_iter_num {
	__u64 __opaque[1];
} __attribute__((aligned(8))) numbers;

enum sk_action action;
